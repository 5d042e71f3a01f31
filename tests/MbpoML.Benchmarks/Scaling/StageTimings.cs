using System.Diagnostics;
using MbpoML.Benchmarks.EndToEnd;
using MbpoML.Components;
using MbpoML.Data.Replay;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Scaling;

/// <summary>
/// Times the three stages alone, on random transitions, and says what 1000 environment steps of them take: G = 20, a refit and 100,000 rollouts of length 1
/// every 250.
/// </summary>
/// <param name="size">The sizes.</param>
/// <param name="threads">1 or 2.</param>
/// <param name="rounds">Medians are over these.</param>
internal sealed class StageTimings(ScalingSize size, int threads, int rounds)
{
    private const int UpdatesPerStep = 20;
    private const int RefitsPerThousand = 4;
    private const int Rollouts = 100_000;
    private const int StartsAtOnce = 20_000;
    private const int BatchRows = 256;
    private const double RoundSeconds = 0.3;

    /// <summary>Seconds of 20,000 updates.</summary>
    public double Policy()
    {
        using var policy = NewPolicy();
        using var batch = Rows(BatchRows);
        // Nobody terminates, so that values stay finite.
        size.Layout.Terminated(batch).zero_();
        return 1000 * UpdatesPerStep * Seconds(() => policy.Update(batch));
    }

    /// <summary>Seconds of four refits of the usual number of epochs.</summary>
    public double Model()
    {
        // One epoch a fit.
        using var learner = NewModel(new ProbabilisticEnsembleTrainer.Options { MaxEpochs = 1 });
        using var rows = Rows(size.Data);
        return RefitsPerThousand * RunTimeExperiment.UsualEpochs * Seconds(() => learner.Fit(rows, CancellationToken.None));
    }

    /// <summary>Seconds of 400,000 imagined transitions, on their way into the pool.</summary>
    public double Rollout()
    {
        // Fitted only so that it may predict.
        using var learner = NewModel(new ProbabilisticEnsembleTrainer.Options { MaxOptimizerSteps = 1 });
        using var rows = Rows(StartsAtOnce);
        learner.Fit(rows, CancellationToken.None);
        using var policy = NewPolicy();
        using var generator = new Generator(1);
        using var pool = new ReplayPool(size.Layout, RefitsPerThousand * Rollouts);
        using var starts = size.Layout.Observation(rows).contiguous();
        var branching = new BranchedRolloutGenerator(new ImaginedEnvironment(learner.Model), rule: null);
        return RefitsPerThousand * Rollouts / StartsAtOnce * Seconds(
            () => branching.Generate(starts, 1, policy, generator, (imagined, _) => pool.Append(imagined)));
    }

    private Tensor Rows(int count)
    {
        using var generator = new Generator(1);
        return randn(count, size.Layout.Width, generator: generator);
    }

    private SacLearner NewPolicy() => new(
        new ComponentContext(new MLContext(1)), new SacSettings(size.Layout, BoxSpace.Uniform(size.ActionSize, -1, 1), [256, 256]), seed: 1, CPU,
        workers: threads);

    private EnsembleLearner NewModel(ProbabilisticEnsembleTrainer.Options options)
    {
        (options.MemberCount, options.EliteCount, options.Workers) = (size.Members, Math.Min(5, size.Members), threads);
        return new EnsembleLearner(size.Layout, options, seed: 1);
    }

    private double Seconds(Action work)
    {
        var before = get_num_threads();
        set_num_threads(threads);
        Time(work, 1);
        var repetitions = (int)Math.Ceiling(RoundSeconds / Time(work, 1));
        var median = Enumerable.Range(0, rounds).Select(_ => Time(work, repetitions)).Order().ElementAt(rounds / 2);
        set_num_threads(before);
        return median;
    }

    private static double Time(Action work, int repetitions)
    {
        var start = Stopwatch.GetTimestamp();
        for (var repetition = 0; repetition < repetitions; repetition++) work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / repetitions;
    }
}
