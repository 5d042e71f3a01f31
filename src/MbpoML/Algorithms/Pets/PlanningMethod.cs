namespace MbpoML.Algorithms.Pets;

/// <summary>The optimizer of action sequences that PETS plans with where none is given.</summary>
public enum PlanningMethod
{
    /// <summary>iCEM, which needs a tenth of the rollouts.</summary>
    ImprovedCrossEntropy,

    /// <summary>The cross-entropy method, as in the paper.</summary>
    CrossEntropy,

    /// <summary>MPPI.</summary>
    PathIntegral,

    /// <summary>Random shooting, the paper's baseline.</summary>
    RandomShooting,
}
