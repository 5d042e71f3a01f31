using System.Globalization;
using System.Text;
using MbpoML.Numerics;

namespace MbpoML.Mujoco.Checks;

/// <summary>
/// Wavefront OBJ: lines of text, "v" with a vertex, "vt" and "vn" with a texture coordinate and a normal, "f" with the corners of a face, such as 3/1/2 or
/// -1//-1.
/// </summary>
internal sealed class ObjFile
{
    private const int MinCorners = 3, MaxCorners = 4;
    private const int MinHullVertices = 4;

    private static readonly char[] Spaces = [' ', '\t'];

    // In the order in which a corner numbers them.
    private static readonly (string One, string Many)[] Parts =
        [("vertex", "vertices (v)"), ("texture coordinate", "texture coordinates (vt)"), ("normal", "normals (vn)")];

    private readonly Func<string, MujocoException> _wrong;
    private readonly string _folder;
    private readonly int[] _counts = new int[Parts.Length];

    // Faces may stand before their vertices, so that the largest number of each part is looked at in the end.
    private readonly (long Index, int Line)[] _largest = new (long, int)[Parts.Length];
    private long _corners;
    private bool _hasFaces;

    private ObjFile(string folder, Func<string, MujocoException> wrong) => (_folder, _wrong) = (folder, wrong);

    /// <summary>Looks at a file and counts the corners of its faces.</summary>
    /// <exception cref="MujocoException">A face has a corner that is not there, or what is there does not belong together.</exception>
    public static double Check(string file, MjcfElement element, string where)
    {
        var obj = new ObjFile(Path.GetDirectoryName(file)!, what => element.Wrong($"has {where} {what}"));
        var number = 0;
        foreach (var line in File.ReadLines(file, Encoding.Latin1)) obj.Read(line.TrimStart(Spaces), ++number);
        obj.CheckCounts();
        return obj._corners;
    }

    private void Read(string text, int line)
    {
        // A word without a space behind it is not one of the format.
        var end = text.IndexOfAny(Spaces);
        switch (end < 0 ? "" : text[..end])
        {
            case "v":
                _counts[0]++;
                break;
            case "vt":
                _counts[1]++;
                break;
            case "vn":
                _counts[2]++;
                break;
            case "f":
                var corners = text[end..].Split(Spaces, StringSplitOptions.RemoveEmptyEntries);
                foreach (var corner in corners) Corner(corner, line);
                _corners += corners.Length;
                _hasFaces |= corners.Length is >= MinCorners and <= MaxCorners;
                break;
            case "mtllib":
                foreach (var name in text[end..].Split(Spaces, StringSplitOptions.RemoveEmptyEntries)) Library(name, line);
                break;
            case "t":
                throw _wrong(Invariant($"with a tag (t) in line {line}. Leave it out: MuJoCo does not use it."));
        }
    }

    private void Corner(string corner, int line)
    {
        var numbers = corner.Split('/');
        for (var part = 0; part < Math.Min(numbers.Length, Parts.Length); part++)
        {
            var index = Number(numbers[part]);
            // A negative one counts backwards from the last that has been.
            if (-index > _counts[part]) throw Missing(part, index, line);
            if (index > _largest[part].Index) _largest[part] = (index, line);
        }
    }

    // A pipe or a device could be waited for without end.
    private void Library(string name, int line)
    {
        var library = $"{_folder}/{name}";
        if (File.Exists(library) && ForeignFile.Length(library) == 0)
            throw _wrong(Invariant($"that names the materials {name} in line {line}, which is an empty or no ordinary file. Leave the line out."));
    }

    private void CheckCounts()
    {
        if (!_hasFaces && _counts[0] < MinHullVertices)
            throw _wrong(Invariant($"with {_counts[0]} vertices (v) and no triangles or quadrangles (f): a hull needs at least {MinHullVertices} vertices."));
        for (var part = 0; part < Parts.Length; part++)
        {
            if (_largest[part].Index > _counts[part]) throw Missing(part, _largest[part].Index, _largest[part].Line);
            // MuJoCo then takes the vertices as they are, and believes that all else goes with them.
            if (!_hasFaces && _counts[part] != 0 && _counts[part] != _counts[0])
                throw _wrong(
                    Invariant($"without triangles and quadrangles, whose {_counts[0]} vertices need as many {Parts[part].Many} or none, but there are ") +
                        Invariant($"{_counts[part]}. Give it faces (f)."));
        }
    }

    private MujocoException Missing(int part, long index, int line) =>
        _wrong(
            Invariant($"with a face in line {line} that has {Parts[part].One} {index}, but the file has {_counts[part]} {Parts[part].Many}. The file is ") +
                "damaged.");

    // As the reader of MuJoCo: what does not begin with a number is 0, which stands for nothing.
    private static long Number(string text)
    {
        text = text.TrimStart('\v', '\f');
        var digits = text.TakeWhile((character, place) => char.IsAsciiDigit(character) || (place == 0 && character is '+' or '-')).Count();
        if (long.TryParse(text.AsSpan(0, digits), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return Math.Clamp(value, -int.MaxValue, int.MaxValue);
        return digits > 1 ? int.MaxValue : 0;
    }
}
