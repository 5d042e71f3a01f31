using System.Globalization;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Evaluation;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Training.Metrics;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace MbpoML.Training.Watches;

/// <summary>
/// Watches for a policy that exploits its model: what the model promises from the starts of the evaluation's episodes, beside what the environment gave there.
/// </summary>
/// <remarks>It draws from streams of its own that follow from the epoch, so that measuring changes nothing else and a resumed run measures the same.</remarks>
internal sealed partial class ReturnWatch(
    IEnvironment environment, HostSettings settings, IAlgorithm algorithm, ReplayPool transitions, int seed, ILogger logger)
{
    // The rollouts are divided over at most so many starts.
    private const int MostStarts = 5;

    // Of the one that is evaluated in.
    private readonly bool _isDeterministic = (settings.EvaluationEnvironment ?? environment).IsDeterministic;

    /// <summary>The metrics of an evaluation that has just ended; none where there is no model to ask, or it fails at being asked.</summary>
    /// <param name="evaluation">The evaluation, with its episodes.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="history">The epochs before: what was warned of at the last one is not said again.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public IReadOnlyDictionary<string, double> Measure(PolicyMetrics evaluation, int epoch, IReadOnlyList<EpochMetrics> history)
    {
        if (settings.ModelReturnRollouts == 0 || algorithm.Model is not { Model: var model }) return new Dictionary<string, double>();
        EpisodeResult[] episodes = [.. evaluation.Episodes.Take(Math.Min(MostStarts, settings.ModelReturnRollouts))];
        try
        {
            var metrics = Compare(model, episodes, Seeds.Derive(seed, "model-returns", epoch));
            var before = history.LastOrDefault(metrics => metrics.Values.ContainsKey(MetricNames.ModelReturnDiverged))?.Values;
            if (Begins(MetricNames.ModelReturnDiverged)) LogDivergence(logger, metrics[MetricNames.ModelReturnDiverged], Range(episodes));
            if (Begins(MetricNames.ModelExploitation)) LogExploitation(metrics, Range(episodes));
            return metrics;

            bool Begins(string name) => metrics.GetValueOrDefault(name) > 0 && before?.GetValueOrDefault(name) is null or 0;
        }
        // A custom model may refuse states that the rollouts of training never come to; no run is lost for a measurement.
        catch (Exception fault) when (!settings.CancellationToken.Caused(fault))
        {
            LogFault(logger, epoch, fault);
            return new Dictionary<string, double>();
        }
    }

    private Dictionary<string, double> Compare(IDynamicsModel model, EpisodeResult[] episodes, int epochSeed)
    {
        var promised = Imagine(model, episodes, epochSeed);
        using var scope = NewDisposeScope();
        using var data = new TransitionTable(transitions.Layout, transitions.ToRows().cpu());
        // The evaluation is real as well, and a policy that has just got better is seen there first.
        double[] rewards = [.. episodes.SelectMany(episode => episode.Rewards)];
        return PromiseCheck.Compare(
            promised, episodes.Length, Math.Max(data.HighestReward(), rewards.Max()), Math.Max(data.LargestReward(), rewards.Max(Math.Abs)), _isDeterministic);
    }

    // Of each rollout from the starts of some episodes, all at once: up to where its episode was cut, or to the last step that counts.
    private PromisedReturn[] Imagine(IDynamicsModel model, EpisodeResult[] episodes, int epochSeed)
    {
        var rollouts = settings.ModelReturnRollouts / episodes.Length;
        int[] steps = [.. episodes.Select(StepsOf)];
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)epochSeed, CPU);
        var starts = tensor(episodes.SelectMany(episode => episode.Start, (_, value) => (float)value).ToArray(), episodes.Length,
            transitions.Layout.ObservationSize).repeat_interleave(rollouts, 0);
        var sums = ReturnReplay.Imagine(new ImaginedEnvironment(model, settings.Termination, settings.Reward), algorithm.Policy.Act, starts, steps.Max(),
            generator, settings.CancellationToken);
        double[] actual = [.. episodes.Zip(steps, (episode, count) => episode.Rewards.Take(count).Sum())];
        return [.. sums.Select((sum, row) => (sum, episode: row / rollouts))
            .Select(row => new PromisedReturn(row.sum[steps[row.episode] - 1], actual[row.episode], steps[row.episode]))];
    }

    // Up to where an episode was cut; what the model imagines beyond the task's own end counts as well.
    private int StepsOf(EpisodeResult episode) => episode.Terminated ? settings.ModelReturnSteps : Math.Min(settings.ModelReturnSteps, episode.Length);

    private string Range(EpisodeResult[] episodes)
    {
        var (least, most) = (episodes.Min(StepsOf), episodes.Max(StepsOf));
        return string.Create(CultureInfo.InvariantCulture, $"{(least == most ? "" : $"{least} to ")}{most}");
    }

    private void LogExploitation(Dictionary<string, double> metrics, string steps)
    {
        var (imagined, actual) = (metrics[MetricNames.ModelReturnMean], metrics[MetricNames.ModelReturnMean] - metrics[MetricNames.ModelReturnExcess]);
        if (metrics[MetricNames.ModelReturnImpossible] is > 0 and var part) LogImpossible(logger, part, steps, imagined, actual);
        else LogPromise(logger, imagined, steps, actual);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The model promises a return of {Imagined:G4} over the first {Steps} steps of the evaluated episodes, where the environment gives " +
            "{Actual:G4}: the policy may be exploiting errors of the model. " +
            "Shorter rollouts, a larger RealRatio or more transitions before the first fit make that less likely; diagnose the run to see more.")]
    private static partial void LogPromise(ILogger logger, double imagined, string steps, double actual);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A part {Part:P0} of the rollouts that the model imagines promises more than {Steps} steps of the largest reward seen would give, all of " +
            "them {Imagined:G4} on average where the environment " +
            "gives {Actual:G4}: the policy may be exploiting errors of the model. Shorter rollouts, a larger RealRatio or more transitions before the first " +
            "fit make that less likely; diagnose the run to see more.")]
    private static partial void LogImpossible(ILogger logger, double part, string steps, double imagined, double actual);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A part {Part:P0} of the rollouts that the model imagines with the policy's own actions leaves the range of numbers within {Steps} steps: " +
            "the model does not hold that far. " +
            "Shorter rollouts or more transitions before the first fit help.")]
    private static partial void LogDivergence(ILogger logger, double part, string steps);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Epoch {Epoch}: what the model promises could not be measured, because imagining failed; the run goes on. ModelReturnRollouts = 0 leaves " +
            "the measurement out.")]
    private static partial void LogFault(ILogger logger, int epoch, Exception fault);
}
