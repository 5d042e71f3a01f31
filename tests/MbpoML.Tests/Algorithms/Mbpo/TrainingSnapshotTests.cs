using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Imagination;
using MbpoML.Planning;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Algorithms.Mbpo;

public class TrainingSnapshotTests
{
    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("mbpo-snapshot-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_finished_run_is_opened_with_its_policy_model_and_data_and_can_be_diagnosed()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.CartPoleContinuous();
        var trainer = rl.Mbpo(environment, Preset());
        var report = trainer.Train();
        using var policy = report.Policy;
        var before = Directory.GetFiles(_folder);
        using var snapshot = trainer.Open(_folder);
        var model = (IEnsembleDynamicsModel)snapshot.Dynamics;
        float[] state = [0.01f, 0.02f, -0.03f, 0.04f];
        // One step that earns 1, and what the critics promise from there.
        using var planner = rl.Policies.Planner(model, environment, options: new() { Horizon = 1, Particles = 5, TerminalValue = snapshot.TerminalValue });
        using var near = rl.Policies.Planner(model, environment, options: new() { Horizon = 1, Particles = 5 });
        Assert.Multiple(() =>
        {
            Assert.That(Promise(planner, state), Is.Not.EqualTo(Promise(near, state)).Within(1e-3));
            Assert.That(snapshot.Step, Is.EqualTo(120));
            Assert.That(snapshot.Policy.Act(state), Is.EqualTo(policy.Act(state)));
            Assert.That(snapshot.Transitions.RowCount, Is.EqualTo(120));
            Assert.That(rl.Diagnostics.PolicyShift(snapshot.Policy, policy, snapshot.Transitions).LargestDivergence, Is.EqualTo(0).Within(1e-9));
            Assert.That(rl.Diagnostics.ModelError(model, snapshot.Transitions).RootMeanSquare, Is.GreaterThan(0).And.LessThan(1),
                "better than predicting the mean change");
            Assert.That(rl.Diagnostics.Fan(model, environment, snapshot.Policy, steps: 5, samples: 20).Steps, Is.EqualTo(5));
            Assert.That(Directory.GetFiles(_folder), Is.EqualTo(before), "nothing is written");
        });
    }

    [Test]
    public void Optimizing_further_moves_the_policy_away_from_its_data_and_leaves_the_run_as_it_is()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.CartPoleContinuous();
        var trainer = rl.Mbpo(environment, Preset());
        trainer.Train().Policy.Dispose();
        using var snapshot = trainer.Open(_folder);
        using var other = trainer.Open(_folder);
        var ladder = snapshot.OptimizeFurther([0, 10, 40]);
        // In two calls it goes the same way.
        using var first = other.OptimizeFurther([10])[0];
        using var second = other.OptimizeFurther([30])[0];
        using var again = trainer.Open(_folder);
        double[] shifts = [.. ladder.Select(policy => rl.Diagnostics.PolicyShift(policy, snapshot.Policy, snapshot.Transitions).MeanDivergence)];
        float[] state = [0.01f, 0.02f, -0.03f, 0.04f];
        Assert.Multiple(() =>
        {
            Assert.That(shifts[0], Is.Zero.Within(1e-12));
            Assert.That(shifts, Is.Ordered.Ascending.And.Unique);
            Assert.That((first.Act(state), second.Act(state)), Is.EqualTo((ladder[1].Act(state), ladder[2].Act(state))));
            Assert.That(again.Policy.Act(state), Is.EqualTo(snapshot.Policy.Act(state)).And.EqualTo(ladder[0].Act(state)));
        });
        foreach (var policy in ladder) policy.Dispose();
    }

    [Test]
    public void Transitions_since_a_step_are_the_newest()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.CartPoleContinuous();
        var trainer = rl.Mbpo(environment, Preset());
        trainer.Train().Policy.Dispose();
        using var snapshot = trainer.Open(_folder);
        using var all = rl.Data.Read(snapshot.Transitions);
        using var newest = rl.Data.Read(snapshot.TransitionsSince(100));
        using var expected = all.Rows.narrow(0, 100, 20);
        Assert.That(newest.Rows.equal(expected).all().item<bool>());
        Assert.That(newest.Count, Is.EqualTo(20));
    }

    [Test]
    public void Trust_is_measured_between_two_checkpoints()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.CartPoleContinuous();
        var preset = Preset();
        preset.Trainer.Checkpoints!.EverySteps = 40;
        var trainer = rl.Mbpo(environment, preset);
        trainer.Train().Policy.Dispose();
        string[] files = [.. Directory.GetFiles(_folder).Order()];
        using var before = trainer.Open(files[^2]);
        using var after = trainer.Open(files[^1]);
        var model = (IEnsembleDynamicsModel)before.Dynamics;
        var trust = rl.Diagnostics.Trust(model, before.Transitions, after.TransitionsSince(before.Step), after.Policy, before.Policy);
        var onData = rl.Diagnostics.ModelError(model, before.Transitions);
        Assert.Multiple(() =>
        {
            Assert.That((before.Step, after.Step), Is.EqualTo((80, 120)));
            Assert.That(trust.ErrorOnData, Is.EqualTo(onData.MixtureTotalVariation).And.Not.EqualTo(onData.MeanTotalVariation));
            Assert.That(trust.ModelError, Is.EqualTo(rl.Diagnostics.ModelError(model, after.TransitionsSince(80), onData.Scale).MixtureTotalVariation));
            Assert.That(trust.PolicyShift,
                Is.EqualTo(rl.Diagnostics.PolicyShift(after.Policy, before.Policy, before.Transitions).MeanTotalVariation).And.GreaterThan(0));
            Assert.That(trust.MaxReward, Is.EqualTo(1), "every step of the cart-pole earns 1");
            Assert.That(trust.Slope, Is.EqualTo((trust.ModelError - trust.ErrorOnData) / trust.PolicyShift));
        });
    }

    // Refits at steps 40, 80 and 120; what came in between a refit and its checkpoint is new to the model.
    [TestCase(0)]
    [TestCase(7)]
    public void What_the_model_was_fitted_to_is_told_from_what_came_in_later(int logged)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.CartPoleContinuous();
        var preset = Preset();
        (preset.Trainer.Steps, preset.Trainer.Checkpoints!.EverySteps, preset.Trainer.InitialExplorationSteps) = (140, 30, 40 + logged);
        var log = rl.Data.Record(environment, 7);
        var trainer = rl.Mbpo(environment, preset);
        (logged > 0 ? trainer.Train(log) : trainer.Train()).Policy.Dispose();
        string[] files = [.. Directory.GetFiles(_folder).Order()];
        using var before = trainer.Open(files[^2]);
        using var after = trainer.Open(files[^1]);
        using var all = rl.Data.Read(before.Transitions);
        using var fitted = rl.Data.Read(before.TransitionsOfFit());
        using var unseen = rl.Data.Read(before.TransitionsSince(before.FittedStep));
        using var expected = all.Rows.narrow(0, 0, fitted.Count);
        using var rest = all.Rows.narrow(0, fitted.Count, unseen.Count);
        Assert.Multiple(() =>
        {
            Assert.That((before.Step, before.FittedStep, before.FittedTransitions), Is.EqualTo((120, 80, 80L + logged)),
                "the checkpoint of step 120 is written before the refit there");
            Assert.That((after.Step, after.FittedStep, after.FittedTransitions), Is.EqualTo((140, 120, 120L + logged)));
            Assert.That((fitted.Count, unseen.Count), Is.EqualTo((80 + logged, 40)), "together all there are");
            Assert.That(fitted.Rows.equal(expected).all().item<bool>() && unseen.Rows.equal(rest).all().item<bool>());
        });
    }

    [Test]
    public void Before_the_first_fit_there_is_no_model()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.CartPoleContinuous();
        using var source = new CancellationTokenSource();
        var preset = Preset();
        (preset.Trainer.CancellationToken, preset.Trainer.Progress) = (source.Token, new Stop(source));
        var trainer = rl.Mbpo(environment, preset);
        var stopped = Assert.Throws<TrainingCanceledException>(() => trainer.Train());
        stopped.Report?.Policy.Dispose();
        using var snapshot = trainer.Open(_folder);
        Assert.That(snapshot.HasDynamics, Is.False);
        Assert.That(() => snapshot.OptimizeFurther([1]), Throws.InvalidOperationException.With.Message.Contains("open a later one"));
        Assert.That(() => snapshot.Dynamics, Throws.InvalidOperationException.With.Message.Contains("not fitted"));
        Assert.That((snapshot.FittedTransitions, snapshot.FittedStep), Is.EqualTo((0L, 0)));
        Assert.That(() => snapshot.TransitionsOfFit(), Throws.InvalidOperationException.With.Message.Contains("open a later checkpoint"));
    }

    private MbpoPreset Preset() => new()
    {
        Trainer = new MbpoTrainer.Options
        {
            Steps = 120,
            EpochLength = 40,
            InitialExplorationSteps = 40,
            ModelTrainingInterval = 40,
            UpdatesPerStep = 1,
            BatchSize = 16,
            Threads = 1,
            Checkpoints = new Checkpointing { Folder = _folder, Every = null },
        },
        Dynamics = { HiddenSizes = [32, 32], MaxOptimizerSteps = 300, BatchSize = 32 },
        Rollouts = { BatchSize = 50, Schedule = RolloutSchedule.Constant(1) },
        Policy = { HiddenSizes = [16] },
    };

    private static float Promise(PlanningTransformer planner, float[] state)
    {
        using var scope = NewDisposeScope();
        return planner.Plan(tensor(state, 1, 4)).PlannedReturn.item<float>();
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step >= 10) source.Cancel();
        }
    }
}
