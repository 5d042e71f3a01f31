using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Policies.OnPolicy;

/// <summary>
/// A value that is linear in [x, x², t/100, (t/100)², (t/100)³, 1], with x the observation cut to ±10, fitted by least squares with a ridge (rllab,
/// linear_feature_baseline.py).
/// </summary>
/// <param name="observations">n</param>
internal sealed class LinearBaseline(int observations)
{
    private const double Bound = 10, Ridge = 1e-5, StepUnit = 100;

    /// <summary>The weights of the features; zeros before the first fit.</summary>
    public double[] Weights { get; private set; } = new double[(2 * observations) + 4];

    /// <summary>Goes on with given weights.</summary>
    public void Set(double[] weights) => Weights = weights;

    /// <summary>The values of rows.</summary>
    /// <param name="scaled">[rows, n], in the scale that the policy sees</param>
    /// <param name="steps">The number of each row's step.</param>
    public double[] Values(Tensor scaled, int[] steps)
    {
        using var scope = NewDisposeScope();
        return Features(scaled, steps).mv(TensorMemory.Aligned(Weights)).data<double>().ToArray();
    }

    /// <summary>Fits the weights.</summary>
    /// <param name="scaled">[rows, n], in the scale that the policy sees</param>
    /// <param name="steps">The number of each row's step.</param>
    /// <param name="returns">What values are to be.</param>
    public void Fit(Tensor scaled, int[] steps, double[] returns)
    {
        using var scope = NewDisposeScope();
        var features = Features(scaled, steps);
        var transposed = features.t();
        var matrix = transposed.mm(features);
        var target = transposed.mv(TensorMemory.Aligned(returns));
        // A feature that is a sum of others makes the matrix singular but for the ridge, which grows until the answer is one.
        for (var ridge = Ridge; ridge < 1; ridge *= 10)
        {
            var regular = matrix.Plus(eye(matrix.size(0), dtype: ScalarType.Float64).Times(ridge));
            var weights = linalg.solve(regular, target).data<double>().ToArray();
            if (!Array.TrueForAll(weights, double.IsFinite)) continue;
            Weights = weights;
            return;
        }
    }

    private static Tensor Features(Tensor scaled, int[] steps)
    {
        var cut = scaled.to(ScalarType.Float64).cpu().Clamped(-Bound, Bound);
        var time = TensorMemory.Aligned(Array.ConvertAll(steps, step => step / StepUnit)).unsqueeze(1);
        return cat([cut, cut.Squared(), time, time.Squared(), time.Squared().mul(time), ones_like(time)], 1);
    }
}
