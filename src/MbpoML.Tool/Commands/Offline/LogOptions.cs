using System.CommandLine;
using System.CommandLine.Parsing;
using MbpoML.Data.TimeSeries;
using MbpoML.Datasets;
using MbpoML.Environments.Functions;
using Microsoft.ML;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>The log of a command and the options that say what its columns mean.</summary>
internal sealed class LogOptions
{
    private readonly Argument<string> _log = new("log")
    {
        Description = $"A log: {string.Join(", ", LogFile.Endings)}, or the folder of a Minari dataset or of a run of mbpo.",
    };

    private readonly Option<int> _observations = Number("--observations", "Dimensions of an observation of a CSV file of transitions, by their order.");
    private readonly Option<int> _actions = Number("--actions", "Dimensions of an action of such a file; one of the two is enough.");
    private readonly Option<string?> _observe = Text("--observe", "The columns that were measured, as in temperature_1,temperature_2.");
    private readonly Option<string?> _act = Text("--act", "The columns that the controller set, as in heater_1,heater_2.");
    private readonly Option<string?> _setPoints = Text("--set-points", "The columns of what the plant was to reach: models do not foretell them.");
    private readonly Option<int[]> _outside = new("--outside")
    {
        Description = "Numbers of an observation that come from outside, from 0, beside the set points among the columns, as in --outside 4 5.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _reward =
        Text("--reward", "A column, or a formula over the columns above, as in \"-(T - SP)**2 - 0.01*Q\"; next_T is T after the step.");

    private readonly Option<double?> _step =
        new("--step") { Description = "The time between two decisions, in the unit of the times; dates count in seconds." };

    private readonly Option<bool> _timeRestarts = new("--time-restarts") { Description = "A time that goes back begins another episode." };
    private readonly Option<double?> _tolerance = RealOption.Create(
        "--tolerance", "The part by which the time between two rows may differ from its median; more is a gap. Default: 0.1.");

    private readonly Option<string?> _terminated = Text("--terminated", "The column that marks rows in which the task is over.");
    private readonly Option<string?> _ends =
        Text("--ends", "A condition that ends the task in imagined steps, as in \"Abs(next_angle) > 0.2\"; needed where rows are terminated.");

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

    private Option[] All =>
    [
        _observations, _actions, _observe, _act, _setPoints, _outside, _reward, Time, Episode, _step, _timeRestarts, _tolerance, _terminated, _ends,
        _pastObservations, _pastActions, _skipMissing, _keepConstants,
    ];

    // What makes transitions of the rows of a table.
    private Option[] OfTables =>
    [
        _observe, _act, _setPoints, Time, Episode, _step, _timeRestarts, _tolerance, _terminated, _pastObservations, _pastActions, _skipMissing, _keepConstants,
    ];

    /// <summary>Adds the log and all options to a command that needs transitions.</summary>
    public void AddTo(Command command)
    {
        command.Add(_log);
        foreach (var option in All) command.Add(option);
    }

    /// <summary>The options as they were given, to be pasted into another command about the same log.</summary>
    public IEnumerable<string> Given(ParseResult parsed) =>
        Given(parsed, All).SelectMany(result => Given(result.Option.Name, [.. result.Tokens.Select(token => token.Value)]));

    private static IEnumerable<OptionResult> Given(ParseResult parsed, params IEnumerable<Option> options) =>
        options.Select(parsed.GetResult).OfType<OptionResult>().Where(result => !result.Implicit);

    // A value such as -x passes for an option where it stands alone.
    private static IEnumerable<string> Given(string name, string[] values) => values is [['-', ..] value] ? [ShellText.Quoted($"{name}={value}")]
        : [name, .. values.Select(ShellText.Quoted)];

    /// <summary>The numbers of an observation that come from outside: the set points among the columns, and those given.</summary>
    public IReadOnlyList<int> SetPoints(ParseResult parsed, IDataView log)
    {
        IReadOnlyList<int> ofColumns = log is TimeSeriesLog series ? series.SetPoints : [];
        return [.. ofColumns, .. parsed.GetValue(_outside)!.Where(number => !ofColumns.Contains(number))];
    }

    /// <summary>
    /// What ends the task in imagined steps, and what they earn: the condition and the formula given, else what a run was trained with; null where a model
    /// learns it.
    /// </summary>
    /// <exception cref="UsageException">The condition or the formula cannot be understood.</exception>
    public (ITerminationFunction? Ends, IRewardFunction? Earns) Functions(ParseResult parsed, IDataView log)
    {
        var (ends, earns) = RunLog.FunctionsOf(parsed.GetValue(_log)!);
        if (parsed.GetValue(_ends) is { } condition) ends = Diagnose.DiagnoseCommand.Ask(() => LogFile.Ends(log, condition));
        if (parsed.GetValue(_reward) is { } formula)
            earns = log is not TimeSeriesLog series ? Diagnose.DiagnoseCommand.Ask(() => LogFile.Earns(log, formula))
                : series.Reward is { } reward ? RewardFunction.FromRow(reward) : null;
        return (ends, earns);
    }

    /// <summary>What the user should know of a reward that a model has to learn although <c>--reward</c> is given; null where none has to.</summary>
    public string? LearnedReward(ParseResult parsed, IDataView log) => log is not TimeSeriesLog { Reward: null } ? null
        : $"The reward is the column '{parsed.GetValue(_reward)}', so a model learns what imagined steps earn. Where you know a formula over observed and " +
            "acted columns, give it as --reward.";

    /// <summary>Whether the log is transitions by what the user says, and no file of which only its content tells: a run, or columns by their order.</summary>
    public bool NameTransitions(ParseResult parsed) => Given(parsed, _observations, _actions).Any() || RunLog.IsOne(parsed.GetValue(_log)!);

    /// <summary>Whether any option says what makes transitions of rows, or what the reward is.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isTable">Whether the log is a table, of which <see cref="Time"/> and <see cref="Episode"/> may be known alone.</param>
    public bool AreGiven(ParseResult parsed, bool isTable) =>
        Given(parsed, OfTables.Append(_reward).Where(option => !isTable || (option != Time && option != Episode))).Any();

    /// <summary>The formula of the reward, or the name of a column with it; null where the log has it.</summary>
    public string? RewardOf(ParseResult parsed) => parsed.GetValue(_reward);

    /// <summary>The log as transitions. Who learns from them gives them the reward of a formula, and names the row for which it has none.</summary>
    /// <exception cref="UsageException">The options do not fit the log.</exception>
    /// <exception cref="DatasetException">The log is damaged or of another kind.</exception>
    public IDataView Read(ParseResult parsed, MLContext ml)
    {
        var (path, observations, actions) = (parsed.GetValue(_log)!, parsed.GetValue(_observations), parsed.GetValue(_actions));
        if (Given(parsed, _observations, _actions).Any(result => result.GetValueOrDefault<int>() < 1))
            throw new UsageException("--observations and --actions are numbers of columns, at least 1.");
        if (!File.Exists(path) && !Directory.Exists(path)) throw new UsageException($"There is no log '{path}'.");
        if (RunLog.IsOne(path))
        {
            RequireNone(parsed, $"'{path}' is the folder of a run, which holds transitions already", [_observations, _actions, .. OfTables]);
            return RunLog.Read(path);
        }

        if (observations > 0 || actions > 0)
        {
            RequireNone(parsed, "By --observations and --actions a file holds transitions already", OfTables);
            return PositionalLog.Read(ml, path, observations, actions);
        }

        return Diagnose.DiagnoseCommand.Ask(() => LogFile.Read(path, ToOptions(parsed), ml));
    }

    private static void RequireNone(ParseResult parsed, string reason, IEnumerable<Option> options)
    {
        string[] given = [.. Given(parsed, options).Select(result => result.Option.Name)];
        if (given.Length > 0)
            throw new UsageException($"{reason}: {string.Join(", ", given)} cannot be given; --reward, --outside and --ends can.");
    }

    private LogFile.Options ToOptions(ParseResult parsed) => new()
    {
        Observe = Names(parsed, _observe),
        Act = Names(parsed, _act),
        SetPoints = Names(parsed, _setPoints),
        Reward = parsed.GetValue(_reward),
        Time = parsed.GetValue(Time),
        Episode = parsed.GetValue(Episode),
        Step = parsed.GetValue(_step),
        TimeRestarts = parsed.GetValue(_timeRestarts),
        Tolerance = parsed.GetValue(_tolerance) ?? new LogFile.Options().Tolerance,
        Terminated = parsed.GetValue(_terminated),
        PastObservations = parsed.GetValue(_pastObservations),
        PastActions = parsed.GetValue(_pastActions),
        SkipMissing = parsed.GetValue(_skipMissing),
        KeepConstants = parsed.GetValue(_keepConstants),
    };

    private static string[] Names(ParseResult parsed, Option<string?> option) =>
        (parsed.GetValue(option) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static Option<string?> Text(string name, string description) => new(name) { Description = description };

    private static Option<int> Number(string name, string description) => new(name) { Description = description };
}
