using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Training;
using MbpoML.Tests.Training.Checkpoints;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Tests.Algorithms.Mbpo;

/// <summary>Runs whose critics ask the model: with imagined transitions and without.</summary>
public class ValueExpansionRunTests
{
    [Test]
    public void Without_imagined_transitions_a_model_is_fitted_and_nothing_is_branched()
    {
        var preset = Preset(realRatio: 1);
        using var environment = new LineEnvironment();
        var report = new MLContext(seed: 1).Reinforcement().Mbpo(environment, preset).Train();
        report.Policy.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(report.History,
                Has.All.Matches<EpochMetrics>(epoch => epoch.Values.ContainsKey("model/holdout-mse") && !epoch.Values.ContainsKey(MetricNames.RolloutLength)));
            Assert.That(report.History[^1].Values[MetricNames.TrainingUpdates], Is.EqualTo(4 * 250));
        });
    }

    [Test]
    public void It_changes_what_is_learned_and_equal_seeds_learn_the_same([Values(0.05, 1)] double realRatio)
    {
        float[] Actions(int steps)
        {
            var preset = Preset(realRatio);
            preset.Policy.ValueExpansionSteps = steps;
            return SmallRuns.Train(new MLContext(seed: 1).Reinforcement(), preset);
        }

        var expanded = Actions(1);
        Assert.That(expanded, Is.EqualTo(Actions(1)));
        Assert.That(expanded, Is.Not.EqualTo(Actions(0)));
    }

    [Test]
    public void A_stopped_run_goes_on_exactly([Values(0.05, 1)] double realRatio)
    {
        using var folder = new TemporaryFolder();
        void Change(MbpoPreset preset) => (preset.Trainer.RealRatio, preset.Policy.ValueExpansionSteps) = (realRatio, 2);
        using var undisturbed = new StopAndGo(folder["undisturbed"], Change);
        var expected = undisturbed.RunThrough();
        var random = new Random(5);
        using var stopped = new StopAndGo(folder["stopped"], Change);
        TrainingReport? report = null;
        while (report is null) report = stopped.Go(random.Next(8, undisturbed.Ticks / 5), 0);
        Assert.That(StopAndGo.Metrics(report), Is.EqualTo(StopAndGo.Metrics(expected)));
        Assert.That(CheckpointContent.Of(folder["stopped"]), Is.EquivalentTo(CheckpointContent.Of(folder["undisturbed"])));
        report.Policy.Dispose();
        expected.Policy.Dispose();
    }

    [Test]
    public void An_opened_run_is_optimized_further_with_its_model()
    {
        using var folder = new TemporaryFolder();
        var preset = Preset(realRatio: 1);
        preset.Trainer.Checkpoints = new Checkpointing { Folder = folder.FullName };
        using var environment = new LineEnvironment();
        var trainer = new MLContext(seed: 1).Reinforcement().Mbpo(environment, preset);
        trainer.Train().Policy.Dispose();
        using var snapshot = trainer.Open(folder.FullName);
        using var further = snapshot.OptimizeFurther([5])[0];
        Assert.That(SmallRuns.Actions(further), Is.Not.EqualTo(SmallRuns.Actions(snapshot.Policy)));
    }

    private static MbpoPreset Preset(double realRatio)
    {
        var preset = SmallRuns.Preset(300);
        (preset.Trainer.RealRatio, preset.Policy.ValueExpansionSteps) = (realRatio, 1);
        return preset;
    }
}
