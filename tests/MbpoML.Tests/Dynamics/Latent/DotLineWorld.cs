using MbpoML.Data;
using MbpoML.Dynamics.Latent;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Tests.Fakes;

namespace MbpoML.Tests.Dynamics.Latent;

/// <summary>Random episodes of the dot on a line, and small models of it.</summary>
internal static class DotLineWorld
{
    public static readonly FrameShape Frames = new(1, 16, 16);

    public static readonly BoxSpace Actions = BoxSpace.Uniform(1, -1, 1);

    /// <summary>Layers that can hold the task.</summary>
    public static RecurrentStateSpaceTrainer.Options Options() => new()
    {
        DeterministicSize = 32,
        StochasticSize = 8,
        HiddenSize = 32,
        FirstFilters = 16,
        RewardHiddenSizes = [32],
        BatchSize = 16,
        ChunkLength = 12,
        WarmUpUpdates = 0,
        // A dot is a small object.
        FreeNats = 0.2,
        LearningRate = 2e-3,
        AdamEpsilon = 1e-5,
    };

    /// <summary>Layers so small that only their arithmetic matters.</summary>
    public static RecurrentStateSpaceTrainer.Options Tiny() => new()
    {
        DeterministicSize = 5,
        StochasticSize = 3,
        HiddenSize = 6,
        FirstFilters = 2,
        RewardHiddenSizes = [4],
        BatchSize = 3,
        ChunkLength = 4,
        WarmUpUpdates = 0,
    };

    public static RecurrentStateSpaceLearner Learner(RecurrentStateSpaceTrainer.Options? options = null, int seed = 1) =>
        (RecurrentStateSpaceLearner)new RecurrentStateSpaceTrainer(options ?? Options()).CreateLearner(Frames, Actions, seed);

    public static EpisodePool Episodes(int count, int seed = 1, int length = 25)
    {
        var pool = new EpisodePool(Frames, 1);
        var random = new RandomSource(seed);
        using var environment = new DotLineEnvironment { Length = length };
        var (observation, action) = (new double[256], new double[1]);
        for (var episode = 0; episode < count; episode++)
        {
            environment.Reset(Seeds.Derive(seed, "episode", episode), observation);
            pool.Begin(Bytes(observation));
            for (var step = 0; step < length; step++)
            {
                action[0] = random.NextUniform(-1, 1);
                var result = environment.Step(action, observation);
                pool.Add([(float)action[0]], (float)result.Reward, Bytes(observation), result.Terminated, result.Truncated);
            }
        }

        return pool;
    }

    private static byte[] Bytes(double[] frame) => [.. frame.Select(value => (byte)value)];
}
