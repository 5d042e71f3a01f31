using Microsoft.ML.Trainers.FastTree;

namespace MbpoML.Dynamics.Compiled;

/// <summary>A generalized additive model (Gam): the sum of one step function a feature.</summary>
internal sealed class AdditiveRegression : FittedRegression
{
    private readonly double _bias;
    private readonly double[][] _bounds;
    private readonly double[][] _effects;

    private AdditiveRegression(double bias, double[][] bounds, double[][] effects) => (_bias, _bounds, _effects) = (bias, bounds, effects);

    /// <returns>Null where some feature has no function: ML.NET then hides which function belongs to which feature.</returns>
    public static AdditiveRegression? Read(GamRegressionModelParameters model, int featureCount)
    {
        if (model.NumberOfShapeFunctions != featureCount) return null;
        var features = Enumerable.Range(0, featureCount);
        double[][] bounds = [.. features.Select(feature => model.GetBinUpperBounds(feature).ToArray())];
        return bounds.Any(bound => bound.Length == 0)
            ? null : new AdditiveRegression(model.Bias, bounds, [.. features.Select(feature => model.GetBinEffects(feature).ToArray())]);
    }

    public override void Predict(BlockColumn features, int rows, Span<float> scores)
    {
        var width = _bounds.Length;
        for (var row = 0; row < rows; row++)
        {
            var sum = _bias;
            for (var feature = 0; feature < width; feature++)
                sum += _effects[feature][FirstNotBelow(_bounds[feature], features.Values[(row * width) + feature])];
            scores[row] = (float)sum;
        }
    }

    private static int FirstNotBelow(double[] bounds, double value)
    {
        var (low, high) = (0, bounds.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (bounds[middle] >= value) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}
