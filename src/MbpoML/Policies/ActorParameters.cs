using MbpoML.Environments;
using MbpoML.Numerics;

namespace MbpoML.Policies;

/// <summary>The numbers of a squashed-Gaussian actor, free of any tensor library: what a learner hands to a <see cref="PolicyTransformer"/>.</summary>
/// <remarks>Hidden layers are ReLU; the last layer gives 2m values, the means and then the logarithms of the standard deviations, before the tanh.</remarks>
/// <param name="ObservationSize">n</param>
/// <param name="ActionSpace">The m actions and their finite bounds; tanh's [-1, 1] is scaled onto them.</param>
/// <param name="Weights">One row-major matrix [in, out] a layer, so that a layer computes x·W + b.</param>
/// <param name="Biases">One vector [out] a layer.</param>
/// <param name="LogStandardDeviationRange">The clip of the log standard deviation; [-20, 2] in the official code.</param>
internal sealed record ActorParameters(
    int ObservationSize,
    BoxSpace ActionSpace,
    IReadOnlyList<float[]> Weights,
    IReadOnlyList<float[]> Biases,
    (float Low, float High) LogStandardDeviationRange)
{
    /// <summary>The same actor with normal noise on every number.</summary>
    /// <param name="scale">The noise's standard deviation, in units of the root mean square of each layer's weights.</param>
    /// <param name="random">Draws it.</param>
    public ActorParameters Perturbed(double scale, RandomSource random)
    {
        double[] units = [.. Weights.Select(layer => scale * Math.Sqrt(layer.Average(weight => (double)weight * weight)))];
        return this with { Weights = [.. Weights.Zip(units, Noisy)], Biases = [.. Biases.Zip(units, Noisy)] };

        float[] Noisy(float[] values, double unit) => Array.ConvertAll(values, value => (float)(value + (unit * random.NextNormal())));
    }
}
