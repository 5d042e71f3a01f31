using MbpoML.Data;
using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Homoscedastic;

/// <summary>Ensembles and transitions for the tests of this room.</summary>
internal static class HomoscedasticSamples
{
    public static TransitionLayout Layout { get; } = new(3, 2);

    public static HomoscedasticEnsembleTrainer.Options Small(
        int members = 4, int[]? hidden = null, Acceleration acceleration = Acceleration.Auto, int workers = 1) => new()
        {
            MemberCount = members,
            HiddenSizes = hidden ?? [24, 16],
            BatchSize = 32,
            Acceleration = acceleration,
            Workers = workers,
            FirstOptimizerSteps = 60,
            OptimizerSteps = 30,
        };

    /// <summary>Transitions with something to learn and noise: [rows, width].</summary>
    public static Tensor Rows(TransitionLayout layout, int count, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var (observation, action) =
            ((2 * randn(count, layout.ObservationSize, generator: generator)) + 1, randn(count, layout.ActionSize, generator: generator));
        var next = observation + (0.1 * observation.sin()) + (0.2 * action.narrow(1, 0, 1)) +
            (0.05 * randn(count, layout.ObservationSize, generator: generator));
        var reward = 3 + observation.narrow(1, 0, 1) - action.square().sum(1, keepdim: true) + (0.1 * randn(count, 1, generator: generator));
        return cat([observation, action, reward, next, zeros(count, 2)], 1).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Scales as after a fit, and noise of a different size for each member and output.</summary>
    public static HomoscedasticLearner Prepared(HomoscedasticEnsembleTrainer.Options options, TransitionLayout layout)
    {
        var learner = new HomoscedasticLearner(layout, options, 1);
        using var rows = Rows(layout, 60, 2);
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        learner.Prepare(rows);
        learner.Ensemble.Network.LogNoise.uniform_(-1, 0.5, generator);
        return learner;
    }

    public static double[] Differences(double[] at, Func<double[], double> loss)
    {
        const double Step = 1e-5;
        double Shifted(int index, double by) => loss([.. at.Select((value, other) => other == index ? value + by : value)]);
        return [.. Enumerable.Range(0, at.Length).Select(index => (Shifted(index, Step) - Shifted(index, -Step)) / (2 * Step))];
    }

    public static float[] Floats(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();

    /// <summary>Everything that is learned.</summary>
    public static float[] Parameters(HomoscedasticLearner learner) => [.. Floats(learner.Ensemble.Network.Flat), .. Floats(learner.Ensemble.Network.LogNoise)];

    /// <summary>A fit to the first of 400 rows.</summary>
    public static IReadOnlyDictionary<string, double> Fit(HomoscedasticLearner learner, int count)
    {
        using var rows = Rows(Layout, 400, 1);
        using var first = rows.narrow(0, 0, count);
        return learner.Fit(first, CancellationToken.None);
    }
}
