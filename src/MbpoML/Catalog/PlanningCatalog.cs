using MbpoML.Planning;

namespace MbpoML.Catalog;

/// <summary>Optimizers of action sequences: <c>mlContext.Reinforcement().Planning</c>. A planner is one of them and a model.</summary>
public sealed class PlanningCatalog
{
    internal PlanningCatalog()
    {
    }

    /// <summary>Random shooting: the best of many uniformly drawn sequences.</summary>
    /// <param name="options">The settings of the search; copied. Default: those of PETS.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public RandomShooting RandomShooting(RandomShooting.Options? options = null) => new(options ?? new RandomShooting.Options());

    /// <summary>The cross-entropy method, the planner of PETS.</summary>
    /// <param name="options">Copied. Default: those of PETS for the cart-pole.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public CrossEntropyMethod CrossEntropy(CrossEntropyMethod.Options? options = null) => new(options ?? new CrossEntropyMethod.Options());

    /// <summary>iCEM: the cross-entropy method for few rollouts.</summary>
    /// <param name="options">Copied. Default: those for real time, 97 rollouts a step.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public ImprovedCrossEntropyMethod ImprovedCrossEntropy(ImprovedCrossEntropyMethod.Options? options = null) =>
        new(options ?? new ImprovedCrossEntropyMethod.Options());

    /// <summary>MPPI: the mean of drawn sequences, weighted by what they are worth.</summary>
    /// <param name="options">Copied. Default: 5 iterations of 350 sequences.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public PathIntegral PathIntegral(PathIntegral.Options? options = null) => new(options ?? new PathIntegral.Options());
}
