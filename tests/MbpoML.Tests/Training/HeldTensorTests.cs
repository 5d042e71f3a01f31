using MbpoML.Tests.Training.Checkpoints;
using MbpoML.Training;
using Microsoft.ML;
using static TorchSharp.torch;
using Statistics = TorchSharp.DisposeScopeManager;

namespace MbpoML.Tests.Training;

/// <summary>
/// Every tensor that a stage makes is held by a dispose scope or a variable until native code has read it. TorchSharp hands over an address and forgets the tensor, so a garbage collection that
/// another thread starts would free one that nothing holds.
/// </summary>
public class HeldTensorTests
{
    [Test]
    public void No_tensor_of_a_run_is_made_outside_a_dispose_scope([Values] Acceleration acceleration, [Values(OverlappedStages.None, OverlappedStages.Model)] OverlappedStages overlap)
    {
        using var folder = new TemporaryFolder();
        using var run = new StopAndGo(folder["run"], preset => (preset.Dynamics.Acceleration, preset.Policy.Acceleration, preset.Trainer.Overlap) = (acceleration, acceleration, overlap));
        MadeOutside(() => Assert.That(run.Go(150, 0), Is.Null), "stopped");
        MadeOutside(() => run.RunThrough().Policy.Dispose(), "resumed");
    }

    [Test]
    public void Nor_of_a_stage_that_is_used_alone()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.CartPoleContinuous();
        var transitions = rl.Data.Record(environment, 200);
        var ensemble = rl.Dynamics.ProbabilisticEnsemble(new() { MemberCount = 2, EliteCount = 1, HiddenSizes = [8], MaxEpochs = 3 });
        var sac = rl.Policies.SoftActorCritic(new() { HiddenSizes = [8], BatchSize = 16, Updates = 10, ActionSpace = environment.ActionSpace });
        MadeOutside(() => ensemble.Fit(transitions).Dispose(), "fitting the ensemble");
        MadeOutside(() => sac.Fit(transitions).Dispose(), "fitting the policy");
        using var model = ensemble.Fit(transitions);
        using var policy = sac.Fit(transitions);
        MadeOutside(() => model.Evaluate(transitions), "evaluating the ensemble");
        MadeOutside(() => rl.Evaluate(policy, environment, episodes: 1), "evaluating the policy");
        MadeOutside(() => rl.Diagnostics.Fan(model.Model, environment, policy, steps: 5, samples: 4), "the fan");
        using var learner = sac.CreateLearner(new(4, 1), environment.ActionSpace, 1);
        MadeOutside(
            () =>
            {
                using var scope = NewDisposeScope();
                foreach (var tensor in ((IResumable)learner).GetState().Values) tensor.Dispose();
            },
            "the learner's state");
    }

    private static void MadeOutside(Action use, string what)
    {
        var before = Statistics.Statistics.TensorStatistics.CreatedOutsideScopeCount;
        use();
        Assert.That(Statistics.Statistics.TensorStatistics.CreatedOutsideScopeCount - before, Is.Zero, what);
    }
}
