using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Dynamics.Ensemble;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Ensemble;

/// <summary>A known system: two observations, one action, linear with Gaussian noise, whose scales can be chosen.</summary>
internal static class LinearGaussianSystem
{
    public const double ObservationNoise = 0.1;
    public const double RewardNoise = 0.2;

    public static TransitionLayout Layout { get; } = new(2, 1);

    /// <summary>Transitions from uniform states and actions: changes of the observation times one scale, rewards times another.</summary>
    public static Tensor Draw(int count, int seed, double deltaScale = 1, double rewardScale = 1)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var observation = (rand(count, 2, generator: generator) * 2) - 1;
        var action = (rand(count, 1, generator: generator) * 2) - 1;
        var (position, velocity) = (observation.narrow(1, 0, 1), observation.narrow(1, 1, 1));
        var delta = cat([0.5 * velocity, action - (0.3 * position)], 1) + (ObservationNoise * randn(count, 2, generator: generator));
        var reward = position - (0.5 * action) + (RewardNoise * randn(count, 1, generator: generator));
        return cat([observation, action, reward * rewardScale, observation + (delta * deltaScale), zeros(count, 2)], 1).MoveToOuterDisposeScope();
    }

    public static DenseDataView View(int count, int seed)
    {
        using var table = new TransitionTable(Layout, Draw(count, seed));
        return table.ToDataView();
    }

    public static ProbabilisticEnsembleTrainer.Options SmallOptions() => new()
    {
        MemberCount = 3,
        EliteCount = 2,
        HiddenSizes = [32, 32],
        BatchSize = 64,
        LearningRate = 3e-3,
        MaxEpochs = 40,
        Seed = 1,
    };
}
