using System.Reflection;
using MbpoML.Algorithms.DoubleHorizon.Presets;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments.Tasks;
using MbpoML.Training;

namespace MbpoML.Tests.Algorithms.DoubleHorizon.Presets;

/// <summary>Double-horizon settings follow from those of MBPO on the same task.</summary>
public class DoubleHorizonPresetTests
{
    [Test]
    public void The_run_is_the_same_and_the_algorithm_another()
    {
        var mbpo = MbpoPresets.CartPoleSwingUp();
        mbpo.Trainer.StepTimeout = TimeSpan.FromSeconds(3);
        var preset = mbpo.DoubleHorizon();
        Assert.Multiple(() =>
        {
            foreach (var option in typeof(TrainingOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance))
                Assert.That(option.GetValue(preset.Trainer), Is.EqualTo(option.GetValue(mbpo.Trainer)), option.Name);
            Assert.That((preset.Trainer.UpdatesPerStep, preset.Discount), Is.EqualTo((1, 0.97)));
            Assert.That(preset.Dynamics.HiddenSizes, Is.EqualTo(new[] { 128, 128, 128 }), "a small task");
        });
    }

    [Test]
    public void Robots_have_the_same_settings_all()
    {
        var preset = new MbpoPreset { Trainer = { InitialExplorationSteps = 5000 } }.DoubleHorizon();
        Assert.Multiple(() =>
        {
            Assert.That(preset.Trainer.InitialExplorationSteps, Is.EqualTo(3000));
            Assert.That(preset.Trainer.EvaluationEpisodes, Is.EqualTo(3));
            Assert.That(new MbpoPreset { Trainer = { EvaluationEpisodes = 0 } }.DoubleHorizon().Trainer.EvaluationEpisodes, Is.Zero);
            Assert.That((preset.Policy.Discount, preset.Policy.Critics, preset.Dynamics.MemberCount), Is.EqualTo((0.995, 3, 8)));
            Assert.That(preset.Policy.ActorHiddenSizes, Is.EqualTo(new[] { 256, 256 }));
        });
    }

    [Test]
    public void Options_are_set_and_told_by_their_names()
    {
        var preset = DoubleHorizonPresets.For(new PendulumEnvironment());
        preset.Set("Horizon=3");
        preset.Set("Dynamics.MemberCount", "5");
        preset.Set("Rollouts.Length=40");
        var again = new DoubleHorizonPreset();
        foreach (var (path, value) in preset.Describe()) again.Set(path, value);
        Assert.That(again.Describe(), Is.EquivalentTo(preset.Describe()));
        Assert.That((again.Policy.Horizon, again.Dynamics.MemberCount, again.Rollouts.Length), Is.EqualTo((3, 5, 40)));
    }

    [Test]
    public void A_copy_is_left_alone()
    {
        var preset = new DoubleHorizonPreset();
        var copy = preset.Copy();
        (preset.Trainer.UpdatesPerStep, preset.Policy.Horizon, preset.Dynamics.MemberCount, preset.Rollouts.Length) = (9, 9, 9, 9);
        Assert.That((copy.Trainer.UpdatesPerStep, copy.Policy.Horizon, copy.Dynamics.MemberCount, copy.Rollouts.Length), Is.EqualTo((1, 5, 8, 20)));
    }
}
