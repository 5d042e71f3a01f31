using MbpoML.Data;
using MbpoML.Data.TimeSeries;
using MbpoML.Data.Views;
using Microsoft.ML;

namespace MbpoML.Datasets.Tests;

/// <summary>Small logs, and their transitions.</summary>
internal static class Log
{
    public static ReinforcementCatalog Rl { get; } = new MLContext(1).Reinforcement();

    /// <summary>x rises by one a row from 0, u is twice as much, r half; time counts in seconds.</summary>
    public static DenseDataView Ramp(int rows, double[]? times = null, string[]? episodes = null, double[]? over = null)
    {
        double[] index = [.. Enumerable.Range(0, rows).Select(row => (double)row)];
        var view = new DenseDataView.Builder().AddDouble("time", times ?? index).AddDouble("x", index)
            .AddDouble("u", [.. index.Select(value => 2 * value)]).AddDouble("r", [.. index.Select(value => value / 2)])
            .AddDouble("still", new double[rows]).AddText("label", [.. (episodes ?? new string[rows]).Select(text => (text ?? "a").AsMemory())]);
        if (over is not null) view.AddDouble("over", over);
        return view.Build();
    }

    public static TimeSeriesLog.Options Options(Action<TimeSeriesLog.Options>? change = null)
    {
        var options = new TimeSeriesLog.Options { Observations = ["x"], Actions = ["u"], RewardColumn = "r", Time = "time" };
        change?.Invoke(options);
        return options;
    }

    public static TimeSeriesLog Of(DenseDataView view, Action<TimeSeriesLog.Options>? change = null) => Rl.Data.FromTimeSeries(view, Options(change));

    public static float[] Floats(this IDenseDataView view, string column) => view.TryGetColumn<float>(column, out var values) ? values.ToArray() : [];

    public static bool[] Flags(this IDenseDataView view, string column) => view.TryGetColumn<bool>(column, out var values) ? values.ToArray() : [];

    public static int[] Episodes(this IDenseDataView view) =>
        view.TryGetColumn<int>(TransitionColumns.DefaultEpisodeId, out var values) ? values.ToArray() : [];

    /// <summary>Transitions of whole episodes with numbers of their own.</summary>
    public static DenseDataView Transitions(params int[] lengths)
    {
        var random = new Random(7);
        return Rl.Data.FromEpisodes(lengths.Select((length, episode) => new Episode
        {
            Observations = [.. Enumerable.Range(0, length + 1).Select(_ => new[] { random.NextSingle(), random.NextSingle() })],
            Actions = [.. Enumerable.Range(0, length).Select(_ => new[] { random.NextSingle() })],
            Rewards = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle())],
            Terminated = episode % 2 == 0,
            Truncated = episode % 2 == 1,
        }));
    }

    public static void AssertSame(IDenseDataView actual, IDenseDataView expected) => Assert.Multiple(() =>
    {
        foreach (var column in new[] { "Observation", "Action", "Reward", "NextObservation" })
            Assert.That(actual.Floats(column), Is.EqualTo(expected.Floats(column)), column);
        foreach (var column in new[] { "Terminated", "Truncated" }) Assert.That(actual.Flags(column), Is.EqualTo(expected.Flags(column)), column);
        Assert.That(actual.Episodes(), Is.EqualTo(expected.Episodes()));
    });
}
