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

    /// <summary>Soft actor-critic with the rates of OfflineRL-Kit, whatever the units of the plant.</summary>
    public static SoftActorCriticTrainer.Options Policy() =>
        new() { ActorLearningRate = 1e-4, EntropyLearningRate = 1e-4, StandardizeObservations = true, NormalizeRewards = true };

    /// <summary>The same as MOBILE has it: without entropy in the targets, and α at most 1.</summary>
    public static SoftActorCriticTrainer.Options MobilePolicy()
    {
        var options = Policy();
        (options.EntropyInTarget, options.MaxEntropyCoefficient) = (false, 1);
        return options;
    }
}
