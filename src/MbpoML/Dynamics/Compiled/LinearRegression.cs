using System.Numerics.Tensors;

namespace MbpoML.Dynamics.Compiled;

/// <summary>A linear regression: Sdca, OnlineGradientDescent, Ols; or the exponential of one: LbfgsPoissonRegression.</summary>
/// <param name="weights">One a feature.</param>
/// <param name="bias">Added to the weighted sum.</param>
/// <param name="isLogarithm">Whether the prediction is the exponential of the sum.</param>
internal sealed class LinearRegression(IEnumerable<float> weights, float bias, bool isLogarithm) : FittedRegression
{
    private readonly float[] _weights = [.. weights];

    public override void Predict(BlockColumn features, int rows, Span<float> scores)
    {
        var width = _weights.Length;
        // ML.NET takes the same product.
        for (var row = 0; row < rows; row++) scores[row] = bias + TensorPrimitives.Dot(_weights, features.Values.AsSpan(row * width, width));
        if (!isLogarithm) return;
        for (var row = 0; row < rows; row++) scores[row] = (float)Math.Exp(scores[row]);
    }
}
