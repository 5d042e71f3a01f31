using System.Globalization;
using System.Xml;

namespace MbpoML.Mujoco;

/// <summary>Looks through MJCF before MuJoCo does, for what it does not survive: text that is no XML, nesting without end, and sizes beyond the machine's memory.</summary>
internal static class ModelText
{
    private const int MaxCharacters = 64 * 1024 * 1024;
    private const int MaxDepth = 1000;
    private const long MaxSize = 100_000_000;

    /// <exception cref="MujocoException">MuJoCo must not get this file.</exception>
    public static void Check(string file)
    {
        if (new FileInfo(file).Length > MaxCharacters) throw new MujocoException($"{file} has more than the {MaxCharacters} bytes that are allowed for an MJCF file.");
        using var stream = File.OpenRead(file);
        using var reader = XmlReader.Create(stream, Settings());
        Check(reader, file);
    }

    /// <exception cref="MujocoException">MuJoCo must not get this text.</exception>
    public static void CheckText(string mjcf)
    {
        if (mjcf.Length > MaxCharacters) throw new MujocoException($"The text has more than the {MaxCharacters} characters that are allowed for an MJCF model.");
        using var reader = XmlReader.Create(new StringReader(mjcf), Settings());
        Check(reader, "The MJCF text");
    }

    private static XmlReaderSettings Settings() => new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters };

    private static void Check(XmlReader reader, string name)
    {
        try
        {
            while (reader.Read())
            {
                if (reader.Depth > MaxDepth) throw new MujocoException($"{name} nests more than {MaxDepth} elements.");
                if (reader.NodeType == XmlNodeType.Element && reader.Name == "size") CheckSizes(reader, name);
            }
        }
        catch (XmlException exception)
        {
            throw new MujocoException($"{name} is no well-formed XML: {exception.Message}", exception);
        }
    }

    private static void CheckSizes(XmlReader reader, string name)
    {
        while (reader.MoveToNextAttribute())
            if (double.TryParse(reader.Value, CultureInfo.InvariantCulture, out var value) && !(Math.Abs(value) <= MaxSize))
                throw new MujocoException($"{name} asks for {reader.Name}=\"{reader.Value}\", but at most {MaxSize} is allowed.");
        reader.MoveToElement();
    }
}
