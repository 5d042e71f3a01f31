using MbpoML.Algorithms.Offline;
using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Numerics.Kernels;
using MbpoML.Policies;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests.Imagined;

/// <summary>The unit of rewards is that of the log, however much a penalty takes from what is imagined.</summary>
public class RewardScaleTests
{
    [TestCase(0)]
    [TestCase(1e4)]
    public void The_scale_of_rewards_comes_from_the_log_and_not_from_penalties(double penalty)
    {
        var view = LineLog.Of(episodes: 20, gain: 0.5, noise: 0.3);
        using var log = LineLog.Read(view);
        var size = Math.Sqrt(log.Layout.Reward(log.Rows).to(ScalarType.Float64).Squared().mean().item<double>());
        var rl = new MLContext(1).Reinforcement();
        var watched = new WatchedPolicy(rl.Policies.SoftActorCritic(new SoftActorCriticTrainer.Options
        {
            HiddenSizes = [8],
            NormalizeRewards = true,
            StandardizeObservations = true,
        }));
        var options = new MopoTrainer.Options
        {
            Penalty = penalty,
            Updates = 2,
            EpochLength = 2,
            BatchSize = 32,
            RolloutLength = 2,
            RolloutBatchSize = 50,
            ActionSpace = LineLog.Actions,
        };
        using var policy = rl.Offline.Mopo(
            options,
            rl.Dynamics.ProbabilisticEnsemble(new ProbabilisticEnsembleTrainer.Options
            {
                MemberCount = 2,
                EliteCount = 2,
                HiddenSizes = [8],
                MaxOptimizerSteps = 20,
            }),
            watched).Fit(view);
        Assert.That(watched.Learner!.State.RewardScale, Is.EqualTo(1 / size).Within(1e-6 / size));
    }

    // Keeps the learner, to look into it.
    private sealed class WatchedPolicy(IPolicyEstimator policy) : IPolicyEstimator
    {
        public SacLearner? Learner { get; private set; }

        public IPolicyLearner CreateLearner(TransitionLayout layout, BoxSpace actionSpace, int seed, string? device = null)
        {
            var learner = policy.CreateLearner(layout, actionSpace, seed, device);
            Learner = (SacLearner)learner;
            return learner;
        }

        public PolicyTransformer Fit(IDataView input) => policy.Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => policy.GetOutputSchema(inputSchema);
    }
}
