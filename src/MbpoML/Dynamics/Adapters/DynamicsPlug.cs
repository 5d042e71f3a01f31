using MbpoML.Data;
using Microsoft.ML;

namespace MbpoML.Dynamics;

/// <summary>Turns whatever a user plugs in as stage 1 into the tensor face that the other stages work with.</summary>
internal static class DynamicsPlug
{
    /// <summary>A learner with warm start for our own trainer, an adapter that refits for any other estimator.</summary>
    public static IDynamicsLearner CreateLearner(IEstimator<ITransformer> estimator, TransitionLayout layout, int seed, TransitionColumns? columns = null, string? device = null) =>
        estimator is ProbabilisticEnsembleTrainer trainer ? trainer.CreateLearner(layout, seed, device) : new EstimatorDynamicsLearner(estimator, layout, columns);

    /// <summary>The ensemble itself of our own transformers, an adapter for any other.</summary>
    public static IDynamicsModel CreateModel(ITransformer transformer, TransitionLayout layout, TransitionColumns? columns = null) => transformer switch
    {
        DynamicsTransformer dynamics => dynamics.Model,
        BootstrapTransformer bootstrap => bootstrap.Model,
        _ => new TransformerDynamicsModel(transformer, layout, columns),
    };
}
