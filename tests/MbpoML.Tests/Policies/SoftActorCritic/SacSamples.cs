using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Policies.SoftActorCritic;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.SoftActorCritic;

/// <summary>Made-up transitions and learners of any size for the tests of this room.</summary>
internal static partial class SacSamples
{
    public static SacSettings Settings(int observations, int actions, params int[] hidden) =>
        new(new TransitionLayout(observations, actions), Bounds(actions), hidden);

    /// <summary>Bounds that differ from dimension to dimension and are not symmetric.</summary>
    public static BoxSpace Bounds(int actions) =>
        new([.. Enumerable.Range(0, actions).Select(index => -1.0 - (0.5 * index))], [.. Enumerable.Range(0, actions).Select(index => 2.0 + index)]);

    /// <summary>Transitions with actions inside <see cref="Bounds"/>; every fourth is terminated, every fifth truncated. [rows, width]</summary>
    public static Tensor Rows(TransitionLayout layout, int count, int seed)
    {
        var random = new RandomSource(seed);
        var bounds = Bounds(layout.ActionSize);
        var values = new float[count, layout.Width];
        for (var row = 0; row < count; row++)
        {
            for (var column = 0; column < layout.Width; column++) values[row, column] = (float)random.NextNormal();
            for (var action = 0; action < layout.ActionSize; action++)
                values[row, layout.ActionOffset + action] = (float)random.NextUniform(bounds.Low[action], bounds.High[action]);
            values[row, layout.TerminatedOffset] = row % 4 == 0 ? 1 : 0;
            values[row, layout.TruncatedOffset] = row % 5 == 0 ? 1 : 0;
        }
        return tensor(values);
    }

    /// <summary>The noise that a learner's first updates draw: the same generator, from the same seed.</summary>
    public static Tensor[] Noise(int learnerSeed, int batch, int actions, int updates)
    {
        using var generator = new Generator((ulong)Seeds.Derive(learnerSeed, "noise"));
        return [.. Enumerable.Range(0, updates).Select(_ => empty(2 * batch, actions).normal_(generator: generator))];
    }

    public static float[] Floats(Tensor tensor) => tensor.data<float>().ToArray();

    /// <summary>The root of the mean square of the differences.</summary>
    public static double UsualDifference(IReadOnlyList<float> first, IReadOnlyList<float> second) =>
        Math.Sqrt(first.Zip(second, (a, b) => ((double)a - b) * ((double)a - b)).Average());

    public static double LargestDifference(IReadOnlyList<float> first, IReadOnlyList<float> second) =>
        first.Zip(second, (a, b) => Math.Abs((double)a - b)).Max();
}
