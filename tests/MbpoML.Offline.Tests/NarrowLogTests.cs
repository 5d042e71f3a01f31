using MbpoML.Algorithms.Offline;
using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;

namespace MbpoML.Offline.Tests;

/// <summary>A log that shows only a narrow range of actions: who trusts the model beyond it is fooled, and the default penalty keeps the policy
/// inside.</summary>
public class NarrowLogTests
{
    private const double Logged = 0.3;

    [TestCase(1)]
    [TestCase(2)]
    public void MOPO_without_a_penalty_fails_and_with_the_default_does_not(int seed)
    {
        using var trusting = Fit(penalty: 0, seed);
        using var careful = Fit(new MopoTrainer.Options().Penalty, seed);
        var (alone, kept) = (Reward(trusting), Reward(careful));
        Assert.Multiple(() =>
        {
            Assert.That(alone, Is.LessThan(-0.5), "it goes where more looked better");
            Assert.That(kept, Is.GreaterThan(0.0), "it stays where the log was");
        });
    }

    // What the plant earns: the more the better up to a little beyond the log, and then it breaks.
    private static double Earned(double action) => action <= 0.4 ? action : 0.4 - (5 * (action - 0.4));

    private static double Reward(PolicyTransformer policy)
    {
        var random = new RandomSource(9);
        return Enumerable.Range(0, 50).Average(_ =>
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            return Earned(policy.Act(TorchSharp.torch.tensor([(float)random.NextNormal()]).unsqueeze(0)).item<float>());
        });
    }

    private static PolicyTransformer Fit(double penalty, int seed)
    {
        var rl = new MLContext(1).Reinforcement();
        var options = new MopoTrainer.Options
        {
            Penalty = penalty,
            Updates = 1200,
            EpochLength = 400,
            BatchSize = 64,
            RolloutLength = 1,
            RolloutBatchSize = 500,
            RolloutInterval = 200,
            Seed = seed,
            ActionSpace = BoxSpace.Uniform(1, -1, 1),
        };
        return rl.Offline.Mopo(
            options,
            rl.Dynamics.ProbabilisticEnsemble(new ProbabilisticEnsembleTrainer.Options
            {
                MemberCount = 5,
                EliteCount = 3,
                HiddenSizes = [32, 32],
                BatchSize = 64,
                MaxOptimizerSteps = 1200,
                TargetNormalization = true,
            }),
            rl.Policies.SoftActorCritic(new SoftActorCriticTrainer.Options
            {
                HiddenSizes = [32, 32],
                LearningRate = 2e-3,
                Discount = 0,
                EntropyCoefficient = 0.01,
                NormalizeRewards = true,
            })).Fit(Log(rl));
    }

    private static DenseDataView Log(ReinforcementCatalog rl)
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
}
