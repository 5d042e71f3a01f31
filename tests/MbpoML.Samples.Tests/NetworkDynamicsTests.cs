using CustomDynamics;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Environments.Tasks;
using MbpoML.Imagination;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Training;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Samples.Tests;

/// <summary>The model on TorchSharp of samples/CustomDynamics.</summary>
public class NetworkDynamicsTests
{
    [Test]
    public void It_learns_a_line_trains_on_in_the_next_fit_and_equal_seeds_give_equal_models()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var (observation, action) = (rand(400, 1, generator: generator), rand(400, 1, generator: generator));
        var next = observation + (0.5 * action);
        var rows = cat([observation, action, -next.square(), next, zeros(400, 2)], 1);
        var layout = new TransitionLayout(1, 1);
        using IDynamicsLearner first = new NetworkDynamics().CreateLearner(layout, seed: 1), second = new NetworkDynamics().CreateLearner(layout, seed: 1);
        var (before, after) = (Loss(first), Loss(first));
        Loss(second);
        Loss(second);
        using var sample = first.Model.Sample(observation, action, generator);
        using var same = second.Model.Sample(observation, action, generator);
        Assert.Multiple(() =>
        {
            Assert.That(after, Is.LessThan(0.5 * before).And.LessThan(1e-3), "the share of the variance that is left");
            Assert.That((sample.NextObservation - next).abs().mean().item<float>(), Is.LessThan(0.02));
            Assert.That(sample.NextObservation.data<float>().ToArray(), Is.EqualTo(same.NextObservation.data<float>().ToArray()));
        });

        double Loss(IDynamicsLearner learner) => learner.Fit(rows, CancellationToken.None)["model/network-loss"];
    }

    [Test]
    public void A_run_with_it_that_was_stopped_ends_as_one_that_was_not()
    {
        using var folder = new TemporaryFolder();
        using var environment = new PendulumEnvironment();
        using var whole = Trainer(60, "whole").Fit();
        Trainer(40, "parts").Fit().Dispose();
        using var resumed = Trainer(60, "parts").Resume(folder["parts"]).Policy;
        Assert.That(resumed.Act([1f, 0f, 0.5f]), Is.EqualTo(whole.Act([1f, 0f, 0.5f])));

        MbpoTrainer Trainer(int steps, string name)
        {
            var rl = new MLContext(seed: 1).Reinforcement();
            var options = new MbpoTrainer.Options
            {
                Steps = steps,
                EpochLength = 20,
                InitialExplorationSteps = 20,
                ModelTrainingInterval = 20,
                UpdatesPerStep = 1,
                ModelReturnRollouts = 0,
                Checkpoints = new Checkpointing { Folder = folder[name] },
            };
            return rl.Mbpo(environment, options, new NetworkDynamics(), rl.Rollouts.Branched(new BranchedRollouts.Options { BatchSize = 50 }),
                rl.Policies.SoftActorCritic(new SoftActorCriticTrainer.Options { HiddenSizes = [8] }));
        }
    }
}
