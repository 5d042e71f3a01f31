using System.CommandLine;
using MbpoML.Data.Views;
using MbpoML.Datasets;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>The log of a command and the options that say what its columns mean.</summary>
internal sealed class LogOptions
{
    private readonly Argument<string> _log = new("log") { Description = $"A log: {string.Join(", ", LogFile.Endings)}, or the folder of a Minari dataset." };
    private readonly Option<string?> _observe = Text("--observe", "The columns that were measured, as in temperature_1,temperature_2.");
    private readonly Option<string?> _act = Text("--act", "The columns that the controller set, as in heater_1,heater_2.");
    private readonly Option<string?> _setPoints = Text("--set-points", "The columns of what the plant was to reach.");

    private readonly Option<string?> _reward =
        Text("--reward", "A column, or a formula over the columns above, as in \"-(T - SP)**2 - 0.01*Q\"; next_T is T after the step.");

    private readonly Option<double?> _step =
        new("--step") { Description = "The time between two decisions, in the unit of the times; dates count in seconds." };

    private readonly Option<string?> _terminated = Text("--terminated", "The column that marks rows in which the task is over.");
    private readonly Option<int> _pastObservations = Number("--past-observations", "Earlier observations that a policy sees, too.");
    private readonly Option<int> _pastActions = Number("--past-actions", "Earlier actions that a policy sees, too: the delay of the plant in steps.");
    private readonly Option<bool> _skipMissing = new("--skip-missing") { Description = "Rows with a missing value count as gaps." };
    private readonly Option<bool> _keepConstants = new("--keep-constants") { Description = "Observations may be the same in all rows." };

    /// <summary>The column of times.</summary>
    public Option<string?> Time { get; } = Text("--time", "The column of times: numbers, or dates.");

    /// <summary>The column that tells episodes apart.</summary>
    public Option<string?> Episode { get; } = Text("--episode", "The column that tells episodes apart.");

    /// <summary>The log.</summary>
    public Argument<string> Log => _log;

    /// <summary>Adds the log and all options to a command that needs transitions.</summary>
    public void AddTo(Command command)
    {
        command.Add(_log);
        Option[] options =
            [_observe, _act, _setPoints, _reward, Time, Episode, _step, _terminated, _pastObservations, _pastActions, _skipMissing, _keepConstants];
        foreach (var option in options) command.Add(option);
    }

    /// <summary>Whether any option says what a column means, or what the reward is.</summary>
    public bool AreGiven(ParseResult parsed) => new[] { _observe, _act, _setPoints, _reward }.Any(option => parsed.GetValue(option) is not null);

    /// <summary>The log as transitions.</summary>
    /// <exception cref="UsageException">The options do not fit the log.</exception>
    /// <exception cref="DatasetException">The log is damaged or of another kind.</exception>
    public IDenseDataView Read(ParseResult parsed) => Diagnose.DiagnoseCommand.Ask(() => LogFile.Read(parsed.GetValue(_log)!, new LogFile.Options
    {
        Observe = Names(parsed, _observe),
        Act = Names(parsed, _act),
        SetPoints = Names(parsed, _setPoints),
        Reward = parsed.GetValue(_reward),
        Time = parsed.GetValue(Time),
        Episode = parsed.GetValue(Episode),
        Step = parsed.GetValue(_step),
        Terminated = parsed.GetValue(_terminated),
        PastObservations = parsed.GetValue(_pastObservations),
        PastActions = parsed.GetValue(_pastActions),
        SkipMissing = parsed.GetValue(_skipMissing),
        KeepConstants = parsed.GetValue(_keepConstants),
    }));

    private static string[] Names(ParseResult parsed, Option<string?> option) =>
        (parsed.GetValue(option) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static Option<string?> Text(string name, string description) => new(name) { Description = description };

    private static Option<int> Number(string name, string description) => new(name) { Description = description };
}
