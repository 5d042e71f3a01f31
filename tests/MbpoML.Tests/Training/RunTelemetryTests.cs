using MbpoML.Algorithms.Ppo;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Tests.Training;

/// <summary>What listeners in the process are told of a run.</summary>
[NonParallelizable]
public class RunTelemetryTests
{
    [Test]
    public void Counters_add_up_to_the_run_also_where_it_was_stopped_in_between()
    {
        using var folder = new TemporaryFolder();
        using var heard = new HeardTelemetry();
        var first = Train(60, folder["run"]);
        first.Policy.Dispose();
        Assert.That(heard.Sum(RunTelemetry.StepsInstrument), Is.EqualTo(60));
        var report = Train(100, folder["run"]);
        report.Policy.Dispose();
        var last = report.History[^1].Values;
        Assert.Multiple(() =>
        {
            Assert.That(heard.Sum(RunTelemetry.StepsInstrument), Is.EqualTo(100));
            Assert.That(heard.Sum(RunTelemetry.EpisodesInstrument), Is.EqualTo(last[MetricNames.TrainingEpisodes]).And.EqualTo(10));
            Assert.That(heard.Sum(RunTelemetry.UpdatesInstrument), Is.EqualTo(last[MetricNames.TrainingUpdates]).And.Positive);
            Assert.That(heard.Sum(RunTelemetry.FailedEpisodesInstrument), Is.Zero);
            var seconds = heard.Values.Where(value => value.Name == RunTelemetry.StageInstrument && value.Tags[RunTelemetry.StageTag] is "environment");
            Assert.That(seconds.Sum(value => value.Number), Is.EqualTo(last[MetricNames.EnvironmentSeconds]).Within(1e-9));
            Assert.That(heard.Values.Count(value => value.Name == RunTelemetry.CheckpointInstrument), Is.GreaterThanOrEqualTo(2));
            Assert.That(heard.Values.Select(value => (value.Tags[RunTelemetry.AlgorithmTag], value.Tags[RunTelemetry.SeedTag])).Distinct(),
                Is.EqualTo(new (object?, object?)[] { ("ppo", 4) }));
        });
    }

    [Test]
    public void Every_metric_of_an_epoch_is_a_gauge_with_its_name()
    {
        using var heard = new HeardTelemetry();
        var report = Train(40);
        report.Policy.Dispose();
        var told = heard.Values.Where(value => value.Name == RunTelemetry.MetricInstrument)
            .GroupBy(value => (string)value.Tags[RunTelemetry.MetricTag]!, value => value.Number).ToDictionary(group => group.Key, group => group.Last());
        Assert.That(told, Is.EqualTo(report.History[^1].Values.Where(metric => !metric.Key.StartsWith("time/", StringComparison.Ordinal))));
    }

    [Test]
    public void The_activity_of_the_run_holds_those_of_its_parts()
    {
        using var folder = new TemporaryFolder();
        using var heard = new HeardTelemetry();
        Train(40, folder["run"]).Policy.Dispose();
        var ended = heard.Ended;
        var run = ended[^1];
        Assert.Multiple(() =>
        {
            Assert.That(run.OperationName, Is.EqualTo("run"));
            Assert.That(run.GetTagItem(RunTelemetry.AlgorithmTag), Is.EqualTo("ppo"));
            Assert.That(ended[..^1].Select(part => part.OperationName), Does.Contain("evaluate").And.Contain("write checkpoint"));
            Assert.That(ended[..^1].Select(part => part.ParentSpanId), Is.All.EqualTo(run.SpanId));
        });
    }

    private static TrainingReport Train(int steps, string? folder = null)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var point = new PointEnvironment { Length = 10 };
        var options = new PpoTrainer.Options { Steps = steps, EpochLength = 20, StepsPerUpdate = 20, EvaluationEpisodes = 1, Seed = 4 };
        if (folder is not null) options.Checkpoints = new Checkpointing { Folder = folder, Every = null, EverySteps = 20 };
        var trainer = rl.Ppo(point, options, rl.Policies.Proximal(new() { HiddenSizes = [4], Epochs = 1 }));
        return folder is not null && Checkpointing.Exists(folder) ? trainer.Resume(folder) : trainer.Train();
    }
}
