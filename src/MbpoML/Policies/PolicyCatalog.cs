using System.Runtime.CompilerServices;
using MbpoML.Data;
using MbpoML.Environments;

namespace MbpoML.Policies;

/// <summary>Stage 3: ways to optimise a policy on transitions.</summary>
public sealed class PolicyCatalog
{
    private readonly ComponentContext _context;

    internal PolicyCatalog(ComponentContext context) => _context = context;

    /// <summary>Soft actor-critic, all options open.</summary>
    /// <param name="options">Read once; later changes do nothing.</param>
    /// <param name="columns">The names of the transitions' columns; the defaults when null.</param>
    // So that "new() { ... }" means the options.
    [OverloadResolutionPriority(1)]
    public SoftActorCriticTrainer SoftActorCritic(SoftActorCriticTrainer.Options options, TransitionColumns? columns = null) =>
        new(_context, options, columns ?? TransitionColumns.Default);

    /// <summary>Soft actor-critic with the options that matter most, the others at their defaults.</summary>
    /// <param name="actionSpace">
    /// The bounds of the actions in the transitions; null means [-1, 1]. The MBPO trainer takes the environment's bounds instead.
    /// </param>
    /// <param name="updates">Updates of one Fit when the estimator is used alone.</param>
    /// <param name="targetEntropy">In nats of actions scaled to [-1, 1]; null means minus the number of action dimensions.</param>
    public SoftActorCriticTrainer SoftActorCritic(BoxSpace? actionSpace = null, int updates = 10_000, double? targetEntropy = null) =>
        SoftActorCritic(new SoftActorCriticTrainer.Options { ActionSpace = actionSpace, Updates = updates, TargetEntropy = targetEntropy });
}
