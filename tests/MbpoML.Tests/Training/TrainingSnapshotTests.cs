using MbpoML.Dynamics;
using MbpoML.Rollouts;
using MbpoML.Training;
using Microsoft.ML;

namespace MbpoML.Tests.Training;

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
        Assert.Multiple(() =>
        {
            Assert.That(snapshot.Step, Is.EqualTo(120));
            Assert.That(snapshot.Policy.Act(state), Is.EqualTo(policy.Act(state)));
            Assert.That(snapshot.Transitions.RowCount, Is.EqualTo(120));
            Assert.That(rl.Diagnostics.PolicyShift(snapshot.Policy, policy, snapshot.Transitions).LargestDivergence, Is.EqualTo(0).Within(1e-9));
            Assert.That(rl.Diagnostics.ModelError(model, snapshot.Transitions).RootMeanSquare, Is.GreaterThan(0).And.LessThan(1), "better than predicting the mean change");
            Assert.That(rl.Diagnostics.Fan(model, environment, snapshot.Policy, steps: 5, samples: 20).Steps, Is.EqualTo(5));
            Assert.That(Directory.GetFiles(_folder), Is.EqualTo(before), "nothing is written");
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
        Assert.That(() => snapshot.Dynamics, Throws.InvalidOperationException.With.Message.Contains("not fitted"));
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

    private sealed class Stop(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step >= 10) source.Cancel();
        }
    }
}
