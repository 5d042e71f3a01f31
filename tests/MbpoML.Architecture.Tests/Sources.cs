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

    /// <summary>The rooms that the usings of a file name.</summary>
    public static IEnumerable<string> Usings(string file, string root) =>
        Using().Matches(File.ReadAllText(Repository.At(file))).Select(match => match.Groups[1].Value)
            .Where(name => name.StartsWith(root + ".", StringComparison.Ordinal))
            .Select(name => name[(root.Length + 1)..].Split('.')[0]).Distinct();

    [GeneratedRegex(@"^using (?:static |\w+ = )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();
}
