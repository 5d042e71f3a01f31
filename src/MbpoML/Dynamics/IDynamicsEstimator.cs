using MbpoML.Data;

namespace MbpoML.Dynamics;

/// <summary>An ML.NET estimator of a dynamics model that also makes a learner on tensors, which a run fits again and again with a warm start.</summary>
/// <remarks>An estimator that is none is refitted from nothing by each fit of a run.</remarks>
public interface IDynamicsEstimator
{
    /// <summary>Makes a learner that has learned nothing yet.</summary>
    /// <param name="layout">The sizes of the transitions it will get.</param>
    /// <param name="seed">Decides all its randomness: equal seeds and equal transitions give equal models.</param>
    /// <param name="device">Where the run wants it, such as "cpu" or "cuda"; a device of the estimator's own options wins. Null: the CPU.</param>
    IDynamicsLearner CreateLearner(TransitionLayout layout, int seed, string? device = null);
}
