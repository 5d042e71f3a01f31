using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Policies.SoftActorCritic;

namespace MbpoML.Offline.Tests;

/// <summary>A log that shows only a narrow range of actions, and small stages to learn from it by.</summary>
internal static class NarrowLog
{
    private const double Logged = 0.3;

    public static BoxSpace Actions { get; } = BoxSpace.Uniform(1, -1, 1);

    /// <summary>The log: 600 steps that have nothing to do with each other, with rewards of some noise; they earn 0 on average.</summary>
    public static DenseDataView Of(ReinforcementCatalog rl)
    {
        var random = new RandomSource(1);
        return rl.Data.FromTransitions(Enumerable.Range(0, 600).Select(_ =>
        {
            var action = random.NextUniform(-Logged, Logged);
            return new Transition
            {
                Observation = [(float)random.NextNormal()],
                Action = [(float)action],
                Reward = (float)(Earned(action) + (0.02 * random.NextNormal())),
                NextObservation = [(float)random.NextNormal()],
            };
        }));
    }

    /// <summary>What a policy earns a step.</summary>
    public static double Reward(PolicyTransformer policy)
    {
        var random = new RandomSource(9);
        return Enumerable.Range(0, 50).Average(_ =>
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            return Earned(policy.Act(TorchSharp.torch.tensor([(float)random.NextNormal()]).unsqueeze(0)).item<float>());
        });
    }

    public static ProbabilisticEnsembleTrainer Dynamics(ReinforcementCatalog rl) => rl.Dynamics.ProbabilisticEnsemble(new ProbabilisticEnsembleTrainer.Options
    {
        MemberCount = 5,
        EliteCount = 3,
        HiddenSizes = [32, 32],
        BatchSize = 64,
        MaxOptimizerSteps = 1200,
        TargetNormalization = true,
    });

    public static SoftActorCriticTrainer Policy(ReinforcementCatalog rl, double discount = 0) => rl.Policies.SoftActorCritic(new SoftActorCriticTrainer.Options
    {
        HiddenSizes = [32, 32],
        LearningRate = 2e-3,
        Discount = discount,
        EntropyCoefficient = 0.01,
        NormalizeRewards = true,
    });

    // The more the better up to a little beyond the log, and then the plant breaks.
    private static double Earned(double action) => action <= 0.4 ? action : 0.4 - (5 * (action - 0.4));
}
