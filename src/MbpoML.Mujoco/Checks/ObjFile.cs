using System.Globalization;
using System.Text;

namespace MbpoML.Mujoco.Checks;

/// <summary>Wavefront OBJ: lines of text, "v" with a vertex, "vt" and "vn" with a texture coordinate and a normal, "f" with the corners of a face, such as 3/1/2 or -1//-1.</summary>
internal static class ObjFile
{
    private static readonly char[] Spaces = [' ', '\t', '\r'];

    /// <summary>Looks at a file and counts the corners of its faces.</summary>
    /// <exception cref="MujocoException">A face has a corner that is not there.</exception>
    public static double Check(string file, MjcfElement element, string where)
    {
        // What a corner may be is known only at the end: faces may stand before their vertices.
        var counts = new int[3];
        var (largest, largestLine, corners, number) = (new long[3], new int[3], 0.0, 0);
        foreach (var line in File.ReadLines(file, Encoding.Latin1))
        {
            number++;
            var words = line.Split(Spaces, StringSplitOptions.RemoveEmptyEntries);
            switch (words.FirstOrDefault())
            {
                case "v":
                    counts[0]++;
                    break;
                case "vt":
                    counts[1]++;
                    break;
                case "vn":
                    counts[2]++;
                    break;
                case "f":
                    corners += words.Length - 1;
                    foreach (var corner in words.Skip(1))
                    {
                        var parts = corner.Split('/');
                        for (var part = 0; part < Math.Min(parts.Length, 3); part++)
                        {
                            var index = Number(parts[part]);
                            if (-index > counts[part]) throw Wrong(number, part, index, counts[part]);
                            if (index > largest[part]) (largest[part], largestLine[part]) = (index, number);
                        }
                    }

                    break;
                case "t":
                    throw element.Wrong($"has {where}, which has a tag (\"t\") in line {number}. Leave it out: MuJoCo does not use it.");
            }
        }

        for (var part = 0; part < 3; part++)
            if (largest[part] > counts[part]) throw Wrong(largestLine[part], part, largest[part], counts[part]);
        return corners;

        MujocoException Wrong(int line, int part, long index, int count)
        {
            var what = part switch { 0 => ("vertex", "vertices (v)"), 1 => ("texture coordinate", "texture coordinates (vt)"), _ => ("normal", "normals (vn)") };
            return element.Wrong($"has {where} with a face in line {line} that has {what.Item1} {index}, but the file has {count} {what.Item2}. The file is damaged.");
        }
    }

    // As the reader of MuJoCo: what does not begin with a number is 0, which stands for nothing.
    private static long Number(string text)
    {
        var digits = text.TakeWhile((character, place) => char.IsAsciiDigit(character) || (place == 0 && character is '+' or '-')).Count();
        if (long.TryParse(text.AsSpan(0, digits), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) return Math.Clamp(value, -int.MaxValue, int.MaxValue);
        return digits > 1 ? int.MaxValue : 0;
    }
}
