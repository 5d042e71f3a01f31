using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Policies.ValueGradient;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Policies.SoftActorCritic;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.ValueGradient;

/// <summary>Made-up states, models and learners of any size for the tests of this room.</summary>
internal static class ValueGradientSamples
{
    public static ComponentContext Context() => SacSamples.Context();

    public static ValueGradientSettings Settings(int observations, int actions, params int[] hidden) =>
        new(new TransitionLayout(observations, actions), SacSamples.Bounds(actions), hidden, hidden)
        {
            Horizon = 3,
            BatchSize = 16,
            CriticCount = 3,
            Discount = 0.9
        };

    /// <summary>A learner that knows its scales and its model.</summary>
    public static ValueGradientLearner Learner(
        ValueGradientSettings settings, ImaginedEnvironment imagined, Acceleration acceleration = Acceleration.Auto, int workers = 1, int seed = 7)
    {
        var learner = new ValueGradientLearner(Context(), settings, seed, CPU, acceleration, workers);
        learner.UseModel(imagined);
        using var rows = SacSamples.Rows(settings.Layout, 200, 5);
        using (var observations = settings.Layout.Observation(rows)) observations.mul_(2).add_(0.3);
        learner.Look(rows);
        return learner;
    }

    /// <summary>[batch, observation]</summary>
    public static Tensor Starts(ValueGradientSettings settings, int seed)
    {
        using var generator = new Generator((ulong)seed);
        return 1.5 * randn(settings.BatchSize, settings.Layout.ObservationSize, generator: generator);
    }

    /// <summary>An ensemble of drawn weights, so that its steps differ from row to row; about every tenth imagined transition ends the task.</summary>
    public static EnsembleTask Ensemble(TransitionLayout layout, Acceleration acceleration = Acceleration.Auto, bool ends = true) =>
        new(layout, acceleration, ends);

    /// <summary>A smooth model in tensor operations: next = 0.8 s + 0.3 sin(s shifted) + 0.4 a + 0.1 noise; reward = cos(a_0) - 0.2 mean s'².</summary>
    public static FunctionModel Smooth(TransitionLayout layout) => new(layout, (observation, action, generator) =>
    {
        var size = layout.ObservationSize;
        var taken = cat([.. Enumerable.Range(0, size).Select(column => action.narrow(1, column % layout.ActionSize, 1))], 1);
        var next = (observation * 0.8) + (observation.roll(1, 1).sin() * 0.3) + (taken * 0.4) + (randn(observation.shape, generator: generator) * 0.1);
        var reward = action.select(1, 0).cos() - (next.square().mean([1]) * 0.2);
        return new ImaginedStep(next, reward, null!);
    });

    /// <summary>Ends the task where the first observation leaves [-1.5, 1.5].</summary>
    public static ITerminationFunction Leaving { get; } = TerminationFunction.FromTensors((_, _, next) => next.select(1, 0).abs() > 1.5);

    public static void Train(ValueGradientLearner learner, ValueGradientSettings settings, int updates, int first = 0)
    {
        for (var update = first; update < first + updates; update++)
        {
            using var starts = Starts(settings, update);
            if (update % 5 == 4) learner.UpdateCritics(starts);
            else learner.Update(starts);
        }
    }

    public static float[] Floats(Tensor tensor) => SacSamples.Floats(tensor);

    public static double LargestDifference(IReadOnlyList<float> first, IReadOnlyList<float> second) => SacSamples.LargestDifference(first, second);

    public static float[] AllParameters(ValueGradientLearner learner) =>
        [.. Weights(learner), (float)learner.State.Bounds.Low, (float)learner.State.Bounds.High];

    public static float[] Weights(ValueGradientLearner learner) =>
    [
        .. Floats(learner.State.Actor), .. Floats(learner.State.Critics), .. Floats(learner.State.Targets),
        .. Floats(learner.State.LogAlpha), .. Floats(learner.State.ActingActor),
    ];

    /// <summary>A learned ensemble as an imagined task, and what owns it.</summary>
    internal sealed class EnsembleTask : IDisposable
    {
        private readonly EnsembleLearner _learner;

        public EnsembleTask(TransitionLayout layout, Acceleration acceleration, bool ends)
        {
            var options = new ProbabilisticEnsembleTrainer.Options { MemberCount = 4, EliteCount = 3, HiddenSizes = [20, 12], Acceleration = acceleration };
            _learner = new EnsembleLearner(layout, options, 1);
            using var scope = NewDisposeScope();
            using var generator = new Generator(2);
            var model = _learner.Ensemble;
            model.InputScale.FitTo((2 * randn(50, layout.ObservationSize + layout.ActionSize, generator: generator)) + 0.2);
            model.Network.Values.MinLogVariance.fill_(-4);
            model.Network.Values.MaxLogVariance.fill_(-2);
            foreach (var biases in model.Network.Values.Biases) biases.uniform_(-0.2, 0.2, generator);
            model.Elites = [3, 0, 2];
            Imagined = new ImaginedEnvironment(() => (IDynamicsModel)model, ends ? Leaving : null, reward: null);
        }

        public ImaginedEnvironment Imagined { get; }

        public void Dispose() => _learner.Dispose();
    }
}
