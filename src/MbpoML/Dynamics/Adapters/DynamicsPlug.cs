using MbpoML.Data;
using Microsoft.ML;

namespace MbpoML.Dynamics;

/// <summary>Turns whatever a user plugs in as stage 1 into the tensor face that the other stages work with.</summary>
internal static class DynamicsPlug
{
    /// <summary>A learner with warm start where the estimator makes one, an adapter that refits for any other.</summary>
    public static IDynamicsLearner CreateLearner(IEstimator<ITransformer> estimator, TransitionLayout layout, int seed, TransitionColumns? columns = null, string? device = null) =>
        estimator is IDynamicsEstimator maker ? maker.CreateLearner(layout, seed, device) : new EstimatorDynamicsLearner(estimator, layout, columns);

    /// <summary>The transformer's own model on tensors where it has one, an adapter for any other.</summary>
    public static IDynamicsModel CreateModel(ITransformer transformer, TransitionLayout layout, TransitionColumns? columns = null) => transformer switch
    {
        IDynamicsTransformer dynamics => dynamics.Model,
        _ => new TransformerDynamicsModel(transformer, layout, columns),
    };
}
