using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;

namespace MbpoML.Dynamics.Compiled;

/// <summary>A regression read from ML.NET's public model parameters, evaluated for many rows at once.</summary>
/// <remarks>
/// The arithmetic and its order are those of ML.NET, so that both give the same numbers; only where ML.NET meets vectors with many zeros may the last bit of a
/// linear model differ.
/// </remarks>
internal abstract class FittedRegression
{
    /// <summary>Predicts the rows of a block.</summary>
    /// <param name="features">Computed for the block; finite.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="scores">One value a row.</param>
    public abstract void Predict(BlockColumn features, int rows, Span<float> scores);

    /// <summary>Reads a model.</summary>
    /// <param name="model">What <c>Model</c> of an ML.NET prediction transformer gives.</param>
    /// <param name="featureCount">The width of the features.</param>
    /// <returns>Null where the model is of another kind, or does not say all that is needed.</returns>
    public static FittedRegression? Read(object? model, int featureCount) => model switch
    {
        PoissonRegressionModelParameters poisson when poisson.Weights.Count == featureCount =>
            new LinearRegression(poisson.Weights, poisson.Bias, isLogarithm: true),
        RegressionModelParameters linear when linear.Weights.Count == featureCount => new LinearRegression(linear.Weights, linear.Bias, isLogarithm: false),
        FastTreeTweedieModelParameters tweedie => TreeRegression.Read(tweedie.TrainedTreeEnsemble.Trees, featureCount, TreeLink.Exponential),
        FastForestRegressionModelParameters forest => TreeRegression.Read(forest.TrainedTreeEnsemble.Trees, featureCount, TreeLink.Mean),
        TreeEnsembleModelParametersBasedOnRegressionTree trees => TreeRegression.Read(trees.TrainedTreeEnsemble.Trees, featureCount, TreeLink.Sum),
        GamRegressionModelParameters gam => AdditiveRegression.Read(gam, featureCount),
        _ => null,
    };
}
