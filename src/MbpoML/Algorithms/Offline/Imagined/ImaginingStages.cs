using MbpoML.Dynamics;
using MbpoML.Imagination;
using MbpoML.Policies;

namespace MbpoML.Algorithms.Offline.Imagined;

/// <summary>What tells the methods with a model from each other.</summary>
/// <param name="Name">The algorithm.</param>
/// <param name="Dynamics">Makes the learner of the model.</param>
/// <param name="Policy">Makes the learner of the policy.</param>
internal sealed record ImaginingStages(string Name, IDynamicsEstimator Dynamics, IPolicyEstimator Policy)
{
    /// <summary>The rule of the rollouts; null: none.</summary>
    public IRolloutRule? Rule { get; init; }

    /// <summary>The penalty on the critics' targets; null: none.</summary>
    public ValueInconsistency? Inconsistency { get; init; }
}
