using System.Globalization;
using System.Text.RegularExpressions;

namespace MbpoML.Mujoco;

/// <summary>Looks through MJCF before MuJoCo does, for sizes beyond the machine's memory, which it would take at its word. What else is wrong MuJoCo finds itself.</summary>
internal static partial class ModelText
{
    private const int MaxCharacters = 64 * 1024 * 1024;
    private const double MaxSize = 100_000_000;

    /// <exception cref="MujocoException">MuJoCo must not get this file.</exception>
    public static void CheckFile(string file)
    {
        var length = ForeignFile.Length(file);
        if (length > MaxCharacters) throw TooLong(file);
        // A pipe or a device could be waited for without end.
        if (length == 0) throw new MujocoException($"{file} is empty, or no ordinary file.");
        Check(File.ReadAllText(file), file);
    }

    /// <exception cref="MujocoException">MuJoCo must not get this text.</exception>
    public static void Check(string mjcf, string name = "The MJCF text")
    {
        if (mjcf.Length > MaxCharacters) throw TooLong(name);
        foreach (Match element in SizeElement().Matches(mjcf))
            foreach (Match attribute in Attribute().Matches(element.Value))
                if (double.TryParse(attribute.Groups[2].Value, CultureInfo.InvariantCulture, out var value) && !(Math.Abs(value) <= MaxSize))
                    throw new MujocoException($"{name} asks for {attribute.Value}, but at most {MaxSize} is allowed.");
    }

    private static MujocoException TooLong(string name) => new($"{name} has more than the {MaxCharacters} characters that are allowed for a model.");

    [GeneratedRegex("<size\\b[^>]*>")]
    private static partial Regex SizeElement();

    [GeneratedRegex("(\\w+)\\s*=\\s*[\"']([^\"']*)[\"']")]
    private static partial Regex Attribute();
}
