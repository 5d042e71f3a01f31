using MbpoML.Dynamics.Ensemble;
using MbpoML.Policies.SoftActorCritic;

namespace MbpoML.Algorithms.Offline;

/// <summary>The stages that methods with a model have where none are given.</summary>
internal static class OfflineDefaults
{
    /// <summary>
    /// MBPO's ensemble with at most 1000 held-out rows (OfflineRL-Kit), targets of unit variance and at most 20,000 optimizer steps, some 15 minutes on one
    /// core.
    /// </summary>
    public static ProbabilisticEnsembleTrainer.Options Dynamics() => new() { MaxHoldoutRows = 1000, TargetNormalization = true, MaxOptimizerSteps = 20_000 };

    /// <summary>The same for a judge, which needs less.</summary>
    public static ProbabilisticEnsembleTrainer.Options JudgedDynamics()
    {
        var options = Dynamics();
        options.MaxOptimizerSteps = 5000;
        return options;
    }

    /// <summary>
    /// Soft actor-critic, whatever the units of the plant. OfflineRL-Kit has rates of 1e-4 for the actor and for α, and 3 million updates. Here are 100,000 by
    /// default: α would take 30,000 of them to fall from 1 to 0.05, and 3000 with a rate of 1e-3.
    /// </summary>
    public static SoftActorCriticTrainer.Options Policy() =>
        new() { ActorLearningRate = 3e-4, EntropyLearningRate = 1e-3, StandardizeObservations = true, NormalizeRewards = true };

    /// <summary>The same as MOBILE has it: without entropy in the targets, and α at most 1.</summary>
    public static SoftActorCriticTrainer.Options MobilePolicy()
    {
        var options = Policy();
        (options.EntropyInTarget, options.MaxEntropyCoefficient) = (false, 1);
        return options;
    }
}
