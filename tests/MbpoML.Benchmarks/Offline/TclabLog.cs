using MbpoML.Data;
using MbpoML.Data.TimeSeries;
using MbpoML.Datasets;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using Microsoft.ML;

namespace MbpoML.Benchmarks.Offline;

/// <summary>Recordings of a real two-heater temperature laboratory as transitions of 10 s.</summary>
internal static class TclabLog
{
    /// <summary>Seconds of a step.</summary>
    public const int StepLength = 10;

    // A controller whose mean squared error from its set points is above this had run away, in °C².
    private const double RunAway = 100;

    private static readonly MLContext Context = new(seed: 1);

    /// <summary>The reward of a step: less for each squared degree off the set points, and for heat.</summary>
    public static IRewardFunction Reward { get; } = RewardFunction.FromRow(Earned);

    /// <summary>The rows of a file by experiment, in the order of the file.</summary>
    public static IReadOnlyDictionary<string, TclabRow[]> Open(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return Context.Data.CreateEnumerable<TclabRow>(LogFile.Open(path), reuseRowObject: false).GroupBy(row => row.Experiment, StringComparer.Ordinal)
            .ToDictionary(experiment => experiment.Key, experiment => experiment.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>The mean squared distance from the set points, °C².</summary>
    public static double Error(IReadOnlyCollection<TclabRow> rows) =>
        rows.Average(row => (Squared(row.Temperature1 - row.SetPoint1) + Squared(row.Temperature2 - row.SetPoint2)) / 2);

    /// <summary>Whether a controller held its set points.</summary>
    public static bool IsGood(IReadOnlyCollection<TclabRow> rows) => Error(rows) <= RunAway;

    /// <summary>Transitions to control by: temperatures, set points, both temperatures and heaters of the step before.</summary>
    public static TimeSeriesLog ToControl(IEnumerable<TclabRow> rows) => Transitions(rows, ["setpoint_1", "setpoint_2"], Earned);

    /// <summary>Transitions to learn the plant from, whatever it was to reach: temperatures, both temperatures and heaters of the step before.</summary>
    public static TransitionTable ToPredict(IEnumerable<TclabRow> rows) =>
        Context.Reinforcement().Data.Read(Transitions(rows, [], (_, action, _) => action[0] + action[1]));

    private static TimeSeriesLog Transitions(IEnumerable<TclabRow> rows, string[] setPoints, RowReward reward) =>
        Context.Reinforcement().Data.FromTimeSeries(Context.Data.LoadFromEnumerable(rows), new TimeSeriesLog.Options
        {
            Observations = ["temperature_1", "temperature_2"],
            SetPoints = setPoints,
            Actions = ["heater_1", "heater_2"],
            Time = "second",
            SamplingTime = StepLength,
            Episode = "experiment",
            PastObservations = 1,
            PastActions = 1,
            ActionSpace = BoxSpace.Uniform(2, 0, 100),
            Reward = reward,
        });

    private static float Earned(ReadOnlySpan<float> observation, ReadOnlySpan<float> action, ReadOnlySpan<float> next) =>
        (-0.1f * (Squared(next[0] - observation[2]) + Squared(next[1] - observation[3]))) - (0.002f * (action[0] + action[1]));

    private static double Squared(double value) => value * value;

    private static float Squared(float value) => value * value;
}
