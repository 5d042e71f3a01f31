using MbpoML.Components;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Tests.Policies;

/// <summary>A small random policy with unequal bounds, rows to feed it, and what it must answer, computed plainly in double.</summary>
internal static class PolicyFixture
{
    public const int ObservationSize = 3;
    public const int ActionSize = 2;

    /// <summary>1e-6 of the wider action's half range, 3.5: what single precision leaves between two orders of summation.</summary>
    public const float Tolerance = 3.5e-6f;

    public static readonly BoxSpace ActionSpace = new([-0.1, -2], [0.3, 5]);

    public static ActorParameters Actor(int seed = 1, int[]? hidden = null, BoxSpace? space = null)
    {
        var random = new RandomSource(seed);
        var bounds = space ?? ActionSpace;
        int[] sizes = [ObservationSize, .. hidden ?? [16, 8], 2 * bounds.Size];
        float[] Numbers(int count, double scale) => [.. Enumerable.Range(0, count).Select(_ => (float)(scale * random.NextNormal()))];
        var weights = sizes.Zip(sizes.Skip(1), (inputs, outputs) => Numbers(inputs * outputs, 1 / Math.Sqrt(inputs))).ToList();
        return new ActorParameters(ObservationSize, bounds, weights, [.. sizes.Skip(1).Select(size => Numbers(size, 0.2))], (-20, 2));
    }

    /// <summary>An actor as the value gradient makes them: SiLU, and deviations by softplus.</summary>
    public static ActorParameters SmoothActor(int seed = 1) =>
        Actor(seed) with { HiddenActivation = ActorActivation.Silu, Deviation = ActorDeviation.Softplus };

    public static PolicyTransformer Policy(PolicyTransformer.Options? options = null, ActorParameters? actor = null) =>
        new(new ComponentContext(new MLContext(seed: 1)), actor ?? Actor(), options);

    public static float[][] Observations(int rows, int seed = 2)
    {
        var random = new RandomSource(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, ObservationSize).Select(_ => (float)random.NextNormal()).ToArray())];
    }

    public static IDataView View(IEnumerable<float[]> observations) =>
        new MLContext(seed: 1).Data.LoadFromEnumerable(observations.Select((row, index) => new Input { Observation = row, Row = index }));

    public static float[][] Actions(IDataView view) => [.. view.GetColumn<float[]>("Action")];

    /// <summary>The mean and the log standard deviation before the tanh.</summary>
    public static (double[] Mean, double[] Log) Distribution(ActorParameters actor, float[] observation)
    {
        var value = observation.Select(number => (double)number).ToArray();
        for (var layer = 0; layer < actor.Weights.Count; layer++)
        {
            if (layer > 0)
                value = [.. value.Select(number => Activate(actor.HiddenActivation, number))];
            var (weights, biases, input) = (actor.Weights[layer], actor.Biases[layer], value);
            value = [.. biases.Select((bias, column) => bias + input.Select((number, row) => number * weights[(row * biases.Length) + column]).Sum())];
        }
        var size = actor.ActionSpace.Size;
        if (actor.Deviation == ActorDeviation.Softplus) return (value[..size], [.. value[size..].Select(raw => Math.Log(Math.Log(1 + Math.Exp(raw)) + 1e-5))]);
        return (value[..size], [.. value[size..].Select(log => Math.Clamp(log, actor.LogStandardDeviationRange.Low, actor.LogStandardDeviationRange.High))]);
    }

    public static float[] MostLikely(ActorParameters actor, float[] observation) =>
        [.. Distribution(actor, observation).Mean.Select((mean, index) => (float)Scale(actor.ActionSpace, index, Math.Tanh(mean)))];

    private static double Activate(ActorActivation activation, double sum) => activation switch
    {
        ActorActivation.Relu => Math.Max(0, sum),
        ActorActivation.Tanh => Math.Tanh(sum),
        _ => sum / (1 + Math.Exp(-sum)),
    };

    /// <summary>The number before the tanh that gives an action.</summary>
    public static double Unsquash(BoxSpace space, int index, double action) =>
        Math.Atanh((2 * (action - space.Low[index]) / (space.High[index] - space.Low[index])) - 1);

    private static double Scale(BoxSpace space, int index, double unit) => space.Low[index] + (0.5 * (unit + 1) * (space.High[index] - space.Low[index]));

    public sealed class Input
    {
        [VectorType(ObservationSize)]
        public float[] Observation { get; set; } = [];

        public int Row { get; set; }
    }

    public sealed class Output
    {
        public float[] Action { get; set; } = [];
    }
}
