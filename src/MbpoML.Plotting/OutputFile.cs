using System.Text;

namespace MbpoML.Plotting;

/// <summary>What all files written here have in common: the checks of a picture's size, the missing folder and the quoting of names in tables.</summary>
internal static class OutputFile
{
    // A picture of this size takes a gigabyte; beyond it the drawing library fails without a word.
    /// <summary>The most pixels of a side.</summary>
    public const int MaxSize = 16_384;

    /// <summary>Refuses a path and sizes that no picture can be written with.</summary>
    public static void CheckPicture(string path, int width, int height)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MaxSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, MaxSize);
    }

    /// <summary>Makes the folder of a file where it is missing.</summary>
    public static void CreateFolder(string path) => Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);

    /// <summary>Writes a table.</summary>
    public static void WriteText(string path, StringBuilder text)
    {
        CreateFolder(path);
        File.WriteAllText(path, text.ToString());
    }

    /// <summary>A name as a cell of a table, by RFC 4180.</summary>
    /// <param name="name">The name, which cannot hold a line break: a line is a point.</param>
    /// <param name="owner">Whose name it is, for the message: "an algorithm".</param>
    public static string Quote(string name, string owner)
    {
        if (name.AsSpan().ContainsAny('\r', '\n'))
            throw new ArgumentException($"The name \"{name}\" of {owner} holds a line break, which this table cannot.", nameof(name));
        return name.AsSpan().ContainsAny(',', '"') ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;
    }
}
