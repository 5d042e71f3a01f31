using MbpoML.Algorithms.Mbpo;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Numerics;
using MbpoML.Tests.Devices;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using Microsoft.ML;
using DeviceOptions = MbpoML.Numerics.Torch.Devices;

namespace MbpoML.Tests.Training;

/// <summary>Whole runs on a device that is named once.</summary>
public class DeviceRunTests
{
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Names))]
    public void A_whole_run_on_a_device_learns_the_task_and_repeats_itself(string name)
    {
        float[] Train()
        {
            var preset = SmallRuns.Preset(400);
            preset.Trainer.Device = name;
            return SmallRuns.Train(Catalog(), preset);
        }
        var actions = Train();
        Assert.Multiple(() =>
        {
            Assert.That(actions[0], Is.GreaterThan(0.3), "left of the middle it goes right");
            Assert.That(actions[^1], Is.LessThan(-0.3), "right of the middle it goes left");
            Assert.That(Train(), Is.EqualTo(actions));
        });
    }

    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Names))]
    public void Stages_of_other_makers_stay_on_the_CPU(string name)
    {
        var mlContext = new MLContext(seed: 1);
        var rl = mlContext.Reinforcement();
        using var line = new LineEnvironment();
        var preset = SmallRuns.Preset(120);
        preset.Trainer.Device = name;
        var recorder = new RecordingPolicyEstimator();
        rl.Mbpo(line, preset.Trainer, rl.Dynamics.ProbabilisticEnsemble(preset.Dynamics), rl.Rollouts.Branched(preset.Rollouts), recorder).Fit().Dispose();
        Assert.That(recorder.Batches, Has.Count.EqualTo(70 * 4));
        using var policy = rl.Mbpo(line, preset.Trainer, new ExactDynamicsEstimator(mlContext), rl.Rollouts.Branched(preset.Rollouts),
            rl.Policies.SoftActorCritic(preset.Policy)).Fit();
        Assert.That(SmallRuns.Actions(policy), Is.All.Matches<float>(float.IsFinite));
    }

    [Test]
    public void Pools_by_tensor_operations_and_pools_by_address_make_the_same_run() => Assert.That(Run(directPools: false), Is.EqualTo(Run(directPools: true)));

    [Test]
    public void A_device_that_torch_does_not_find_is_refused_when_the_trainer_is_made()
    {
        using var line = new LineEnvironment();
        foreach (var (name, reason) in new[] { ("cuda:99", "CUDA device"), ("tpu", "must be 'cpu', 'cuda' or 'cuda:<index>'"), ("cuda:x", "must be") })
            Assert.That(() => Catalog().Mbpo(line, new MbpoTrainer.Options { Device = name }),
                Throws.ArgumentException.With.Message.Contains($"Device is '{name}'").And.Message.Contains(reason));
    }

    [Test]
    public void A_stage_that_asks_for_another_device_than_the_trainer_is_refused()
    {
        Assert.That(() => DeviceOptions.CheckAgreement("cpu", "cpu", "ensemble"), Throws.Nothing);
        Assert.That(() => DeviceOptions.CheckAgreement("cpu", null, "ensemble"), Throws.Nothing);
        Assert.That(() => DeviceOptions.CheckAgreement(null, "cpu", "ensemble"), Throws.Nothing);
        foreach (var name in TestDevices.Names().Where(name => name != "cpu"))
            Assert.That(() => DeviceOptions.CheckAgreement(name, "cpu", "ensemble"),
                Throws.ArgumentException.With.Message.Contains("options of the ensemble say 'cpu'"));
    }

    private static ReinforcementCatalog Catalog() => new MLContext(seed: 1).Reinforcement();

    private static float[] Run(bool directPools)
    {
        using var line = new LineEnvironment();
        var mlContext = new MLContext(seed: 1);
        var (rl, context, preset) = (mlContext.Reinforcement(), new ComponentContext(mlContext), SmallRuns.Preset(150));
        preset.Policy.Acceleration = Acceleration.Reference;
        var (layout, settings) = (new TransitionLayout(1, 1), preset.Trainer.ToMbpoSettings(preset.Rollouts, isSaved: false));
        var setup = new AlgorithmSetup(line, preset.Trainer, seed: 3, isSaved: false);
        var parts = new MbpoParts(
            setup, settings, rl.Policies.SoftActorCritic(preset.Policy).CreateLearner(layout, line.ActionSpace, 3),
            rl.Dynamics.ProbabilisticEnsemble(preset.Dynamics).CreateLearner(layout, 3), directPools);
        using var transitions = setup.Transitions();
        var counters = new RunCounters { FirstPolicyStep = preset.Trainer.FirstPolicyStep(0, needsModel: true) };
        using var loop = new MbpoLoop(settings, parts, trust: null);
        using var host = new TrainingHost(context, line, preset.Trainer.ToHostSettings(line), loop, transitions, counters, new RunIdentity(3));
        using var policy = host.Run().Policy;
        return SmallRuns.Actions(policy);
    }
}
