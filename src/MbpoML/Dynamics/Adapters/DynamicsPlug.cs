using MbpoML.Data;
using Microsoft.ML;

namespace MbpoML.Dynamics.Adapters;

/// <summary>Turns whatever a user plugs in as stage 1 into the tensor face that the other stages work with.</summary>
internal static class DynamicsPlug
{
    /// <summary>A learner with warm start where the estimator makes one, an adapter that refits for any other.</summary>
    /// <param name="estimator">An <see cref="IDynamicsEstimator"/>, or an estimator of ML.NET that keeps the column contract.</param>
    /// <param name="layout">The sizes of the transitions.</param>
    /// <param name="seed">Decides all randomness of the learner.</param>
    /// <param name="columns">The columns that an estimator of ML.NET sees; the defaults when null.</param>
    /// <param name="device">Where the run wants the learner; null: the CPU.</param>
    /// <exception cref="InvalidOperationException">The estimator made no learner.</exception>
    public static IDynamicsLearner CreateLearner(
        object estimator, TransitionLayout layout, int seed, TransitionColumns? columns = null, string? device = null) =>
        estimator is IDynamicsEstimator maker
            ? maker.CreateLearner(layout, seed, device) ?? throw new InvalidOperationException($"CreateLearner of {estimator.GetType().Name} returned null.")
            : new EstimatorDynamicsLearner((IEstimator<ITransformer>)estimator, layout, columns);

    /// <summary>The transformer's own model on tensors where it has one, an adapter for any other.</summary>
    public static IDynamicsModel CreateModel(ITransformer transformer, TransitionLayout layout, TransitionColumns? columns = null) => transformer switch
    {
        IDynamicsTransformer dynamics => dynamics.Model,
        _ => new TransformerDynamicsModel(transformer, layout, columns),
    };
}
