using MbpoML.Algorithms.DoubleHorizon.Presets;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments.Tasks;
using MbpoML.Imagination;
using MbpoML.Training;
using MbpoML.Training.Presets;

namespace MbpoML.Tests.Training.Presets;

[Category("Text")]
public class PresetSetTests
{
    [TestCase("Trainer.Steps=1e5", "100000")]
    [TestCase("trainer.steps = 250 ", "250")]
    [TestCase("Trainer.InitialExplorationSteps=", "null")]
    [TestCase("Trainer.InitialExplorationSteps=null", "null")]
    [TestCase("Trainer.StepTimeout=00:00:01.5", "00:00:01.5000000")]
    [TestCase("Trainer.Overlap=environment", "Environment")]
    [TestCase("Trainer.Device=cuda:1", "cuda:1")]
    [TestCase("Trainer.ModelTrainingSchedule=growing(250, 2000)", "Growing(250, 2000, 0.05)")]
    [TestCase("Trainer.ModelTrainingSchedule=Constant(500)", "Constant(500)")]
    [TestCase("Trainer.Checkpoints.Keep=7", "7")]
    [TestCase("Dynamics.HiddenSizes=64,64", "[64, 64]")]
    [TestCase("Dynamics.WeightDecays=[1e-5, 0, .5]", "[1E-05, 0, 0.5]")]
    [TestCase("Dynamics.TargetNormalization=True", "true")]
    [TestCase("Dynamics.Target=nextobservation", "NextObservation")]
    [TestCase("Dynamics.MaxOptimizerSteps=3000000000", "3000000000")]
    [TestCase("Rollouts.Schedule=Linear(20, 150, 1, 15)", "Linear(20, 150, 1, 15)")]
    [TestCase("Rollouts.Schedule=Constant(3)", "Constant(3)")]
    [TestCase("Rollouts.Schedule=BoundRecommended(30)", "BoundRecommended(30, 1, 0.99)")]
    [TestCase("Rollouts.Rule=BhattacharyyaGate()", "BhattacharyyaGate(Factor 5, Quantile 0.95, Memory 2000)")]
    [TestCase("Rollouts.Rule=bhattacharyyagate(quantile 0.9, Factor 3e1)", "BhattacharyyaGate(Factor 30, Quantile 0.9, Memory 2000)")]
    [TestCase(
        "Rollouts.Rule=InformationCutoffs(Samples 500)",
        "InformationCutoffs(Accuracy 1E-06, StepQuantile 0.9999, RolloutQuantile 0.01, RolloutFactor 100, Samples 500)")]
    [TestCase("Rollouts.Rule=", "null")]
    [TestCase("Policy.LearningRate=3e-4", "0.0003")]
    [TestCase("Policy.OutputColumnName=a=b", "a=b")]
    public void An_option_takes_the_text_and_gives_it_back(string assignment, string expected)
    {
        var preset = new MbpoPreset();
        preset.Set(assignment);
        var path = preset.Describe().Keys.Single(path => path.Equals(assignment.Split('=')[0].Trim(), StringComparison.OrdinalIgnoreCase));
        Assert.That(preset.Describe()[path], Is.EqualTo(expected));
        var again = new MbpoPreset();
        again.Set(path, expected);
        Assert.That(again.Describe()[path], Is.EqualTo(expected));
    }

    [TestCase("LearningRate=1", "There are several options 'LearningRate'. Write one of them with its stage: Dynamics.LearningRate, Policy.LearningRate.")]
    [TestCase("Policy.LerningRate=1", "There is no option 'Policy.LerningRate'. The nearest: Policy.LearningRate")]
    [TestCase("Clipping=1", "Dynamics.GradientClipping")]
    [TestCase("Trainer=1", "There is no option 'Trainer'")]
    [TestCase("Trainer.Progress=1", "There is no option 'Trainer.Progress'")]
    [TestCase("Policy.LearningRate", "write Stage.Option=Value")]
    [TestCase("Trainer.Steps=", "Trainer.Steps cannot be '': it must have a value")]
    [TestCase("Rollouts.Schedule=null", "it must have a value")]
    [TestCase("Dynamics.HiddenSizes=", "it must have a value")]
    [TestCase("Trainer.Steps=2.5", "expected is a whole number")]
    [TestCase("Trainer.Steps=1e20", "expected is a whole number")]
    [TestCase("Trainer.StepTimeout=10", "hours:minutes:seconds")]
    [TestCase("Trainer.Overlap=7", "one of None, Environment")]
    [TestCase("Dynamics.TargetNormalization=yes", "true or false")]
    [TestCase("Dynamics.HiddenSizes=[64, x]", "a whole number")]
    [TestCase("Policy.LearningRate=1,5", "expected is a number")]
    [TestCase("Rollouts.Schedule=Linear(1, 2)", "Constant(length), Linear(firstEpoch, lastEpoch, firstLength, lastLength)")]
    [TestCase("Rollouts.Schedule=Constant(0)", "length must be at least 1")]
    [TestCase("Rollouts.Schedule=1", "Constant(length)")]
    [TestCase("Rollouts.Rule=Gate()", "expected is one of BhattacharyyaGate(Factor ..., Quantile ..., Memory ...), InformationCutoffs(Accuracy ...")]
    [TestCase("Rollouts.Rule=BhattacharyyaGate(30)", "'30' is no option with its value, as in Factor 5, Quantile 0.95, Memory 2000")]
    [TestCase("Rollouts.Rule=BhattacharyyaGate(Factr 30)", "'Factr 30' is no option")]
    [TestCase("Rollouts.Rule=BhattacharyyaGate(Factor x)", "expected is a number")]
    [TestCase("Rollouts.Rule=BhattacharyyaGate(Factor -1)", "Factor must be a finite number above 0")]
    [TestCase("Trainer.Reward=x", "can be given in code only")]
    public void What_cannot_be_set_is_said(string assignment, string expected)
    {
        var preset = new MbpoPreset();
        var before = preset.Describe();
        Assert.That(() => preset.Set(assignment), Throws.ArgumentException.With.Message.Contains(expected));
        Assert.That(preset.Describe(), Is.EqualTo(before));
    }

    [TestCase("updatespersTep=40", "Trainer.UpdatesPerStep", "40")]
    [TestCase("Schedule=Constant(3)", "Rollouts.Schedule", "Constant(3)")]
    [TestCase("Keep=7", "Trainer.Checkpoints.Keep", "7")]
    public void An_option_that_one_stage_has_needs_no_stage(string assignment, string path, string expected)
    {
        var preset = new MbpoPreset();
        preset.Trainer.Checkpoints = new Checkpointing();
        preset.Set(assignment);
        Assert.That(preset.Describe()[path], Is.EqualTo(expected));
    }

    [Test]
    public void A_function_of_the_task_stays_or_is_taken_away()
    {
        var preset = MbpoPresets.CartPoleSwingUp();
        preset.Set("Trainer.Reward", preset.Describe()["Trainer.Reward"]);
        Assert.That(preset.Trainer.Reward, Is.SameAs(CartPoleSwingUpEnvironment.KnownReward));
        preset.Set("Trainer.Reward", "");
        Assert.That(preset.Trainer.Reward, Is.Null);
    }

    [Test]
    public void A_schedule_from_text_is_the_schedule()
    {
        var preset = new MbpoPreset();
        preset.Set("Rollouts.Schedule", "Linear(20, 150, 1, 15)");
        var expected = RolloutSchedule.Linear(20, 150, 1, 15);
        for (var epoch = 0; epoch < 200; epoch++)
            Assert.That(preset.Rollouts.Schedule.GetLength(new RolloutScheduleContext(epoch, 0)),
                Is.EqualTo(expected.GetLength(new RolloutScheduleContext(epoch, 0))));
    }

    // Only what code alone can give, and where a run reports to, has no text.

    [TestCase(typeof(MbpoPreset), "Policy.ActionSpace")]
    [TestCase(typeof(DoubleHorizonPreset), "Policy.ActionSpace")]
    public void Every_option_that_decides_what_a_run_learns_has_a_text(Type preset, params string[] ofCodeAlone)
    {
        var described = ((AlgorithmPreset)Activator.CreateInstance(preset)!).Describe().Keys;
        string[] expected = ["Trainer.Columns", "Trainer.EvaluationEnvironment", "Trainer.MoreEnvironments", "Trainer.CancellationToken", "Trainer.Progress",
            "Trainer.MetricsWriters", "Trainer.Checkpoints", "Trainer.Record", .. ofCodeAlone];
        var stages = preset.GetProperties().Where(stage => stage.Name is not (nameof(AlgorithmPreset.TrainerOptions) or nameof(AlgorithmPreset.Discount)));
        var all = stages.SelectMany(stage => stage.PropertyType.GetProperties().Select(option => $"{stage.Name}.{option.Name}"));
        Assert.That(all.Except(described), Is.EquivalentTo(expected));
    }
}
