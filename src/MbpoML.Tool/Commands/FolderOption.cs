using System.CommandLine;

namespace MbpoML.Tool.Commands;

/// <summary>An option that names a folder to write to.</summary>
internal sealed class FolderOption(string name, string description)
{
    public Option<string?> Option { get; } = new(name) { Description = description };

    /// <summary>Whether the folder was named.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(Option) is not null;

    /// <summary>The folder that was named, or another.</summary>
    /// <exception cref="UsageException">It cannot be made: it has no name, or a file is in its place.</exception>
    public string Read(ParseResult parsed, string otherwise)
    {
        var folder = parsed.GetValue(Option) ?? otherwise;
        if (string.IsNullOrWhiteSpace(folder)) throw new UsageException($"{Option.Name} is '{folder}', but must name a folder, as in {otherwise}.");
        for (var path = Path.GetFullPath(folder); path is not null; path = Path.GetDirectoryName(path))
            if (File.Exists(path))
                throw new UsageException($"{Option.Name} is '{folder}', but '{path}' is a file: name a folder, an existing or a new one, as in {otherwise}.");
        return folder;
    }
}
