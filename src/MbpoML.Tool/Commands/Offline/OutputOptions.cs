using System.CommandLine;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>Where a command of logs writes to, and its seed.</summary>
internal sealed class OutputOptions
{
    public Option<string?> Out { get; } = new("--out") { Description = "The folder to write to.", Required = true };

    public Option<int> Seed { get; } = new("--seed") { Description = "Decides everything random.", DefaultValueFactory = _ => 1 };

    /// <summary>The folder to write to, which can be made.</summary>
    public string Folder(ParseResult parsed)
    {
        var folder = parsed.GetValue(Out)!;
        if (string.IsNullOrWhiteSpace(folder)) throw new UsageException("--out is blank, but must name a folder.");
        return File.Exists(folder) ? throw new UsageException($"--out is '{folder}', but that is a file: name a folder.") : folder;
    }
}
