using System.Text.RegularExpressions;

namespace MbpoML.Architecture.Tests;

/// <summary>The C# files of the repository that people write.</summary>
internal static partial class Sources
{
    /// <summary>The files below a folder, relative to the repository, with forward slashes; without build outputs.</summary>
    public static IEnumerable<string> Of(string folder) =>
        Directory.EnumerateFiles(Repository.At(folder), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal);

    /// <summary>The types of other namespaces that the code of a file names by a using, as full names; comments do not count.</summary>
    /// <param name="text">The content of the file.</param>
    /// <param name="types">The full names of the types to look for.</param>
    public static IEnumerable<string> Named(string text, IEnumerable<string> types)
    {
        var spaces = Using().Matches(text).Select(match => match.Groups[1].Value).ToHashSet();
        var words = Word().Matches(Comment().Replace(text, "")).Select(match => match.Value).ToHashSet();
        return types.Where(type => spaces.Contains(type) ||
            (type.LastIndexOf('.') is >= 0 and var dot && spaces.Contains(type[..dot]) && words.Contains(type[(dot + 1)..].Split('`')[0])));
    }

    /// <summary>The namespace that a file declares; empty for none.</summary>
    public static string NamespaceOf(string text) => Namespace().Match(text).Groups[1].Value;

    /// <summary>The namespace that a file should have by its folder: the project's, and the folders below it.</summary>
    /// <param name="file">Relative to the repository, such as <c>src/MbpoML/Data/Episode.cs</c>.</param>
    public static string NamespaceByFolder(string file) => string.Join('.', file.Split('/').Skip(1).SkipLast(1));

    [GeneratedRegex(@"^using (?:static |\w+ = )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
