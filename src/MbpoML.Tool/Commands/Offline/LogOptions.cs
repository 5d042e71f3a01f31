using System.CommandLine;
using Microsoft.ML;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>What the commands of logs have in common.</summary>
internal sealed class LogOptions
{
    public Argument<string> Log { get; } = new("log")
    {
        Description = "A CSV file of transitions (observation, action, reward, next observation, end), a binary file of ML.NET (.idv), or the folder of a run.",
    };

    public Option<int> Observations { get; } = new("--observations") { Description = "Dimensions of an observation of a CSV file." };

    public Option<int> Actions { get; } = new("--actions") { Description = "Dimensions of an action of a CSV file; one of the two is enough." };

    public Option<string?> Out { get; } = new("--out") { Description = "The folder to write to.", Required = true };

    public Option<int> Seed { get; } = new("--seed") { Description = "Decides everything random.", DefaultValueFactory = _ => 1 };

    public IDataView Read(ParseResult parsed, MLContext ml)
    {
        var (observations, actions) = (parsed.GetValue(Observations), parsed.GetValue(Actions));
        if (observations < 0 || actions < 0) throw new UsageException("--observations and --actions are numbers of columns, at least 1.");
        return TransitionLogs.Read(ml, parsed.GetValue(Log)!, (observations, actions));
    }

    /// <summary>The folder to write to, which can be made.</summary>
    public string Folder(ParseResult parsed)
    {
        var folder = parsed.GetValue(Out)!;
        if (string.IsNullOrWhiteSpace(folder)) throw new UsageException("--out is blank, but must name a folder.");
        return File.Exists(folder) ? throw new UsageException($"--out is '{folder}', but that is a file: name a folder.") : folder;
    }
}
