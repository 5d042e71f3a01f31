using MbpoML.Data;
using MbpoML.Environments;
using Microsoft.ML;

namespace MbpoML.Policies;

/// <summary>
/// A way to optimise a policy: an estimator on logged transitions by itself, and a maker of the learner that the MBPO trainer keeps across epochs.
/// </summary>
public interface IPolicyEstimator : IEstimator<PolicyTransformer>
{
    /// <summary>Makes a learner that has learned nothing yet.</summary>
    /// <param name="layout">The sizes of the transitions it will get.</param>
    /// <param name="actionSpace">The environment's actions, with finite bounds.</param>
    /// <param name="seed">Decides all its randomness: equal seeds and equal minibatches give equal learners.</param>
    /// <param name="device">Where the run wants it, such as "cpu" or "cuda"; a device of the estimator's own options wins. Null: the CPU.</param>
    /// <exception cref="ArgumentException">The sizes differ, or a bound is infinite or beyond float32.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The networks would be larger than an array can be.</exception>
    IPolicyLearner CreateLearner(TransitionLayout layout, BoxSpace actionSpace, int seed, string? device = null);

    /// <summary>Whether its learners ask the dynamics model in their updates (<see cref="IModelBasedLearner"/>). Default: they do not.</summary>
    bool AsksModel => false;
}
