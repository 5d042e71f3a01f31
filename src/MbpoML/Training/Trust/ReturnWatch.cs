using MbpoML.Environments;
using MbpoML.Evaluation;
using MbpoML.Numerics;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace MbpoML.Training;

/// <summary>Watches for a policy that exploits its model: what the model promises from the starts of the evaluation's episodes, beside what the environment gave there.</summary>
/// <remarks>It draws from streams of its own that follow from the epoch, so that measuring changes nothing else and a resumed run measures the same.</remarks>
internal sealed partial class ReturnWatch(IEnvironment environment, MbpoTrainer.Options options, TrainingState state, int seed, ILogger logger)
{
    // The rollouts are divided over at most so many starts.
    private const int MostStarts = 5;

    // Both our choice: beyond what the model itself thinks possible, and by a margin that matters.
    private const double Deviations = 2;
    private const double PartOfReturn = 0.5;

    private readonly ITerminationFunction? _termination = options.Termination ?? environment.Termination;
    private readonly IRewardFunction? _reward = options.Reward ?? environment.Reward;
    private bool _isExploiting;

    /// <summary>The metrics of an evaluation that has just ended; none where the model cannot tell: it is not fitted yet, or it left the range of numbers.</summary>
    /// <param name="evaluation">With its episodes.</param>
    /// <param name="epoch">The epoch.</param>
    public IReadOnlyDictionary<string, double> Measure(PolicyMetrics evaluation, int epoch)
    {
        if (options.ModelReturnRollouts == 0 || !state.NeedsModel || state.FittedTransitions == 0) return new Dictionary<string, double>();
        EpisodeResult[] episodes = [.. evaluation.Episodes.Take(MostStarts)];
        var excesses = Excesses(episodes, Seeds.Derive(seed, "model-returns", epoch));
        if (!excesses.All(double.IsFinite)) return new Dictionary<string, double>();
        var actual = episodes.Average(episode => episode.Rewards.Take(options.ModelReturnSteps).Sum());
        var mean = excesses.Average();
        var deviation = Math.Sqrt(excesses.Average(excess => Math.Pow(excess - mean, 2)));
        var isExploiting = mean > Deviations * deviation && mean > PartOfReturn * Math.Abs(actual);
        if (isExploiting && !_isExploiting) LogExploitation(logger, actual + mean, actual, options.ModelReturnSteps);
        _isExploiting = isExploiting;
        return new Dictionary<string, double>
        {
            [MetricNames.ModelReturnMean] = actual + mean,
            [MetricNames.ModelReturnExcess] = mean,
            [MetricNames.ModelReturnDeviation] = deviation,
            [MetricNames.ModelExploitation] = isExploiting ? 1 : 0,
        };
    }

    // Of each rollout from the starts of some episodes, all at once: up to where its episode was cut, or to the last step that counts.
    private double[] Excesses(EpisodeResult[] episodes, int epochSeed)
    {
        var rollouts = Math.Max(1, options.ModelReturnRollouts / episodes.Length);
        int[] steps = [.. episodes.Select(episode => episode.Terminated ? options.ModelReturnSteps : Math.Min(options.ModelReturnSteps, episode.Length))];
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)epochSeed, CPU);
        var starts = tensor(episodes.SelectMany(episode => episode.Start, (_, value) => (float)value).ToArray(), episodes.Length, state.RealPool.Layout.ObservationSize).repeat_interleave(rollouts, 0);
        var sums = ReturnReplay.Imagine(state.Dynamics.Model, _termination, _reward, state.Policy.Act, starts, steps.Max(), generator, options.CancellationToken);
        return [.. sums.Select((sum, row) => sum[steps[row / rollouts] - 1] - episodes[row / rollouts].Rewards.Take(steps[row / rollouts]).Sum())];
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The model promises a return of {Imagined:G4} over the first {Steps} steps where the environment gives {Actual:G4}: the policy may be exploiting errors of the model. " +
            "Shorter rollouts, a larger RealRatio or more transitions before the first fit make that less likely; diagnose the run to see more.")]
    private static partial void LogExploitation(ILogger logger, double imagined, double actual, int steps);
}
