using System.Globalization;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Plotting;

namespace MbpoML.Tool.Commands.Diagnose;

/// <summary>
/// What returns promised and returns kept look like: one start in the course of its steps, and all starts of all checkpoints, one against the other.
/// </summary>
/// <param name="task">The task that the titles name.</param>
/// <param name="runs">Each with its checkpoints, oldest first; at least one of each.</param>
internal sealed class ReturnPictures(string task, IReadOnlyList<(string Name, IReadOnlyList<ReturnPictures.Checkpoint> Checkpoints)> runs)
{
    private readonly ModelReturns[] _all = [.. runs.SelectMany(run => run.Checkpoints).SelectMany(checkpoint => checkpoint.Returns)];

    /// <summary>What the pictures leave out; null where that is nothing.</summary>
    public string? Remark => _all.Count(returns => !IsFinite(returns)) is > 0 and var episodes
        ? Invariant($"Of {episodes} of {_all.Length} episodes, {_all.Sum(Diverged)} of ") +
            Invariant($"{_all.Where(returns => !IsFinite(returns)).Sum(returns => returns.Imagined.Count)} imagined rollouts left the range of numbers; ") +
            "what the model promises there is no number, and those episodes are left out."
        : null;

    /// <summary>Sums of rewards at the newest checkpoint of the first run.</summary>
    public SeriesPlot Cumulative()
    {
        var checkpoint = runs[0].Checkpoints[^1];
        var returns = checkpoint.Returns[0];
        var plot = new SeriesPlot
        {
            Title = Invariant($"{task} at step {checkpoint.Step}: no model exploitation?"),
            XLabel = "steps",
            YLabel = "sum of rewards"
        };
        var steps = Enumerable.Range(1, StepsOf(returns)).Select(step => (double)step).ToArray();
        foreach (var rollout in returns.Imagined.Where(rollout => rollout.Take(steps.Length).All(double.IsFinite)))
            plot.Add(new PlotSeries("model, single rollouts", steps, [.. rollout.Take(steps.Length)], style: SeriesStyle.Thin, group: 0));
        double[] mean = [.. steps.Select(step => returns.MeanAt((int)step)).TakeWhile(double.IsFinite)];
        if (mean.Length > 0) plot.Add(new PlotSeries("model, mean", steps[..mean.Length], mean, group: 0));
        // Where the task ended, the sum stays what it was, as the model's sums do.
        plot.Add(
            new PlotSeries("environment", steps,
                [.. returns.Actual, .. Enumerable.Repeat(returns.ActualReturn, steps.Length - returns.Actual.Count)], group: 1));
        return plot;
    }

    /// <summary>Every episode whose promise is a number.</summary>
    /// <exception cref="RunDataException">There is none.</exception>
    public SeriesPlot Scatter()
    {
        ModelReturns[] finite = [.. _all.Where(IsFinite)];
        if (finite.Length == 0)
            throw new RunDataException(
                $"Of each of {_all.Length} episodes imagined rollouts left the range of numbers; there is nothing to compare. Give a shorter --horizon.");
        var comparison = ReturnComparison.Of(finite);
        var note = string.Create(
            CultureInfo.InvariantCulture,
            $"Pearson r = {comparison.Correlation:F2}, mean excess {comparison.MeanExcess:F1}, {finite.Length} episodes of " +
                $"{runs.Sum(run => run.Checkpoints.Count)} checkpoints");
        var scatter = new SeriesPlot
        {
            Title = $"{task}: what the model promises and what it keeps",
            XLabel = "return in the environment",
            YLabel = "mean return in the model",
            ShowsDiagonal = true,
            Note = note
        };
        foreach (var (name, checkpoints) in runs)
        {
            ModelReturns[] own = [.. checkpoints.SelectMany(checkpoint => checkpoint.Returns).Where(IsFinite)];
            if (own.Length == 0) continue;
            var points = ReturnComparison.Of(own);
            scatter.Add(new PlotSeries(name, points.Actual, points.Imagined, style: SeriesStyle.Points));
        }

        return scatter;
    }

    // Up to where the environment's episode was cut, or to the horizon where it ended by itself.
    private static int StepsOf(ModelReturns returns) => returns.TerminatedInEnvironment ? returns.Imagined[0].Count : returns.Actual.Count;

    private static bool IsFinite(ModelReturns returns) => double.IsFinite(returns.Excess);

    private static int Diverged(ModelReturns returns) => returns.Imagined.Count(rollout => !double.IsFinite(rollout[StepsOf(returns) - 1]));

    /// <summary>What was measured at one checkpoint, a start each.</summary>
    internal sealed record Checkpoint(int Step, IReadOnlyList<ModelReturns> Returns);
}
