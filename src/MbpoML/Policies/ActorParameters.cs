using MbpoML.Environments;
using MbpoML.Numerics.Random;

namespace MbpoML.Policies;

/// <summary>
/// The numbers of a squashed-Gaussian actor, free of any tensor library: what a learner hands to <see cref="Catalog.PolicyCatalog.FromNetwork"/>.
/// </summary>
/// <remarks>
/// Hidden layers are ReLU unless <see cref="HiddenActivation"/> says otherwise. The last layer gives 2m values before the tanh: the means, and then the
/// logarithms of the standard deviations, unless <see cref="Deviation"/> says otherwise.
/// </remarks>
/// <param name="ObservationSize">n, the number of dimensions of an observation, at least 1.</param>
/// <param name="ActionSpace">The m actions and their finite bounds; tanh's [-1, 1] is scaled onto them.</param>
/// <param name="Weights">One row-major matrix [in, out] a layer, so that a layer computes x·W + b.</param>
/// <param name="Biases">One vector [out] a layer.</param>
/// <param name="LogStandardDeviationRange">The clip of the log standard deviation; [-20, 2] in the official code.</param>
public sealed record ActorParameters(
    int ObservationSize,
    BoxSpace ActionSpace,
    IReadOnlyList<float[]> Weights,
    IReadOnlyList<float[]> Biases,
    (float Low, float High) LogStandardDeviationRange)
{
    /// <summary>What is added to a softplus deviation, so that its logarithm stays finite.</summary>
    internal const float LeastSoftplusDeviation = 1e-5f;

    /// <summary>The clip of the official code; an actor with softplus deviations has it too, without a use for it.</summary>
    internal static readonly (float Low, float High) DefaultRange = (-20, 2);

    /// <summary>What hidden layers make of their sums. Default ReLU.</summary>
    public ActorActivation HiddenActivation { get; init; }

    /// <summary>
    /// What the last layer's second half says of the standard deviations. Default: their logarithms, clipped to <see cref="LogStandardDeviationRange"/>.
    /// </summary>
    public ActorDeviation Deviation { get; init; }

    /// <summary>An actor whose last layer gives m means and then m numbers ρ, whose standard deviations are log(1 + e^ρ) + 1e-5.</summary>
    /// <param name="observationSize">n</param>
    /// <param name="actionSpace">The m actions and their finite bounds.</param>
    /// <param name="weights">One row-major matrix [in, out] a layer.</param>
    /// <param name="biases">One vector [out] a layer; the last has 2m values.</param>
    /// <param name="hiddenActivation">What hidden layers make of their sums.</param>
    internal static ActorParameters WithSoftplusDeviation(
        int observationSize, BoxSpace actionSpace, IReadOnlyList<float[]> weights, IReadOnlyList<float[]> biases, ActorActivation hiddenActivation) =>
        new(observationSize, actionSpace, weights, biases, DefaultRange) { HiddenActivation = hiddenActivation, Deviation = ActorDeviation.Softplus };

    /// <summary>An actor without randomness: the last layer gives m values before the tanh.</summary>
    /// <param name="observationSize">n, the number of dimensions of an observation, at least 1.</param>
    /// <param name="actionSpace">The m actions and their finite bounds.</param>
    /// <param name="weights">One row-major matrix [in, out] a layer.</param>
    /// <param name="biases">One vector [out] a layer; the last has m values.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    public static ActorParameters Deterministic(int observationSize, BoxSpace actionSpace, IReadOnlyList<float[]> weights, IReadOnlyList<float[]> biases)
    {
        ArgumentNullException.ThrowIfNull(actionSpace);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(biases);
        if (weights.Count == 0 || biases.Count == 0) throw new ArgumentException("An actor has at least one layer.", nameof(weights));
        var (outputs, last) = (biases[^1].Length, weights[^1]);
        var widened = new float[2 * last.Length];
        for (var row = 0; row * outputs < last.Length; row++) Array.Copy(last, row * outputs, widened, 2 * row * outputs, outputs);
        // The least standard deviation that the graph knows, e^-20.
        float[] bias = [.. biases[^1], .. Enumerable.Repeat(DefaultRange.Low, outputs)];
        return new ActorParameters(observationSize, actionSpace, [.. weights.SkipLast(1), widened], [.. biases.SkipLast(1), bias], DefaultRange);
    }

    /// <summary>The same actor with normal noise on every number.</summary>
    /// <param name="scale">The noise's standard deviation, in units of the root mean square of each layer's weights.</param>
    /// <param name="random">Draws it.</param>
    internal ActorParameters Perturbed(double scale, RandomSource random)
    {
        double[] units = [.. Weights.Select(layer => scale * Math.Sqrt(layer.Average(weight => (double)weight * weight)))];
        return this with { Weights = [.. Weights.Zip(units, Noisy)], Biases = [.. Biases.Zip(units, Noisy)] };

        float[] Noisy(float[] values, double unit) => Array.ConvertAll(values, value => (float)(value + (unit * random.NextNormal())));
    }
}
