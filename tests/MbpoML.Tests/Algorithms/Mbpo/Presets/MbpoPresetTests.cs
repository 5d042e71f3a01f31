using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Imagination;
using MbpoML.Training.Schedules;

namespace MbpoML.Tests.Algorithms.Mbpo.Presets;

[Category("Text")]
public class MbpoPresetTests
{
    // The cost that the fast variant is made for: Hopper in the paper, whose refits of an epoch at 30,000 steps of data take some 98 optimizer steps a pass
    // over the data.
    [Test]
    public void Fast_bounds_the_optimizer_steps_of_a_long_run()
    {
        var fast = new MbpoPreset { Trainer = { Steps = 125_000 } }.Fast();
        var times = new ModelTrainingTimes(fast.Trainer.ToMbpoSettings(fast.Rollouts, isSaved: false), needsModel: true, firstStep: 5000, loggedTransitions: 0);
        var refits = Enumerable.Range(5000, 120_000).Where(times.IsRefit).ToArray();
        for (var from = 30_000; from < 125_000; from += 5000)
        {
            var steps = refits.Count(step => step >= from && step < from + 5000) * fast.Dynamics.MaxOptimizerSteps!.Value / 5.0;
            Assert.That(steps, Is.LessThanOrEqualTo(1800), $"ensemble steps per 1000 real steps from {from} on");
        }
    }

    [Test]
    public void Fast_leaves_rollouts_and_updates_as_they_are_and_the_preset_untouched()
    {
        var preset = new MbpoPreset();
        var fast = preset.Fast();
        Assert.Multiple(() =>
        {
            Assert.That((preset.Trainer.ModelTrainingSchedule, preset.Dynamics.MaxOptimizerSteps), Is.EqualTo(((IModelTrainingSchedule?)null, (long?)null)));
            Assert.That((fast.Trainer.ModelTrainingInterval, fast.Trainer.UpdatesPerStep),
                Is.EqualTo((preset.Trainer.ModelTrainingInterval, preset.Trainer.UpdatesPerStep)));
            Assert.That((fast.Rollouts.BatchSize, fast.Rollouts.RetainEpochs), Is.EqualTo((preset.Rollouts.BatchSize, preset.Rollouts.RetainEpochs)));
            Assert.That(fast.Policy.HiddenSizes, Is.EqualTo(preset.Policy.HiddenSizes));
            Assert.That(fast.Dynamics.MaxOptimizerSteps, Is.EqualTo(2000));
        });
    }

    [Test]
    public void Fast_keeps_what_is_set_already()
    {
        var schedule = ModelTrainingSchedule.Constant(1000);
        var preset = new MbpoPreset { Trainer = { ModelTrainingSchedule = schedule }, Dynamics = { MaxOptimizerSteps = 300 } };
        var fast = preset.Fast();
        Assert.That((fast.Trainer.ModelTrainingSchedule, fast.Dynamics.MaxOptimizerSteps), Is.EqualTo((schedule, (long?)300)));
    }

    [Test]
    public void The_baselines_differ_from_the_preset_in_nothing_else_and_leave_it_untouched()
    {
        var preset = new MbpoPreset { Rollouts = { Schedule = RolloutSchedule.Linear(20, 100, 1, 15) }, Policy = { ValueExpansionSteps = 2 } };
        var (modelFree, dyna) = (preset.WithoutModel(), preset.Dyna());
        Assert.Multiple(() =>
        {
            Assert.That((modelFree.Trainer.RealRatio, modelFree.Trainer.UpdatesPerStep), Is.EqualTo((1.0, 1)));
            Assert.That((modelFree.Policy.ValueExpansionSteps, dyna.Policy.ValueExpansionSteps), Is.EqualTo((0, 2)), "without a model there is none to ask");
            Assert.That(preset.WithoutModel(updatesPerStep: 20).Trainer.UpdatesPerStep, Is.EqualTo(20));
            Assert.That(Length(dyna, epoch: 60), Is.EqualTo(1));
            Assert.That((dyna.Trainer.RealRatio, dyna.Trainer.UpdatesPerStep), Is.EqualTo((preset.Trainer.RealRatio, preset.Trainer.UpdatesPerStep)));
            Assert.That((preset.Trainer.RealRatio, preset.Trainer.UpdatesPerStep, Length(preset, epoch: 100)), Is.EqualTo((0.05, 20, 15)));
            Assert.That(() => preset.WithoutModel(-1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("updatesPerStep"));
        });
    }

    [Test]
    public void The_published_baseline_has_the_published_target_entropy_and_the_ablation_keeps_the_preset_s()
    {
        // Hopper's, which has three action dimensions.
        var preset = new MbpoPreset { Policy = { TargetEntropy = -1 } };
        Assert.Multiple(() =>
        {
            Assert.That(preset.WithoutModel().Policy.TargetEntropy, Is.Null, "null is minus the number of action dimensions");
            Assert.That(preset.WithoutModel(updatesPerStep: 1).Policy.TargetEntropy, Is.Null);
            Assert.That(preset.WithoutModel(updatesPerStep: 20).Policy.TargetEntropy, Is.EqualTo(-1));
            Assert.That((preset.Policy.TargetEntropy, preset.Dyna().Policy.TargetEntropy), Is.EqualTo(((double?)-1, (double?)-1)));
        });
    }

    private static int Length(MbpoPreset preset, int epoch) => preset.Rollouts.Schedule.GetLength(new RolloutScheduleContext(epoch, epoch * 1000));
}
