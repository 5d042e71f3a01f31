using MbpoML.Saving;
using MbpoML.Tests.Training;
using MbpoML.Training;
using MbpoML.Training.Metrics;

namespace MbpoML.Offline.Tests;

/// <summary>What listeners in the process are told of a fit from a log.</summary>
[NonParallelizable]
public class TelemetryTests
{
    [TestCase("td3bc")]
    [TestCase("mopo")]
    public void A_fit_counts_its_updates_and_no_step_of_an_environment(string algorithm)
    {
        using var heard = new HeardTelemetry();
        var report = ResumeTests.Trainer(algorithm, _ => { }).Train(LineLog.Of(episodes: 12, gain: 1, noise: 0.4));
        report.Policy.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(heard.Sum(RunTelemetry.UpdatesInstrument), Is.EqualTo(report.Steps).And.Positive);
            Assert.That(heard.Sum(RunTelemetry.StepsInstrument), Is.Zero);
        });
    }

    [Test]
    public void The_activity_of_a_fit_holds_those_of_its_parts()
    {
        using var folder = new TemporaryFolder();
        using var heard = new HeardTelemetry();
        ResumeTests.Trainer("mopo", options => options.Checkpoints = new Checkpointing { Folder = folder.FullName })
            .Fit(LineLog.Of(episodes: 12, gain: 1, noise: 0.4)).Dispose();
        var (run, parts) = (heard.Ended[^1], heard.Ended[..^1]);
        Assert.Multiple(() =>
        {
            Assert.That((run.OperationName, run.GetTagItem(RunTelemetry.AlgorithmTag)), Is.EqualTo(("run", (object)"mopo")));
            Assert.That(parts.Count(part => part.OperationName == "fit model"), Is.EqualTo(1));
            // Before the updates 0, 90 and 180 of 260.
            Assert.That(parts.Count(part => part.OperationName == "roll out"), Is.EqualTo(3));
            Assert.That(parts.Select(part => part.OperationName), Does.Contain("write checkpoint"));
            Assert.That(parts.Select(part => part.ParentSpanId), Is.All.EqualTo(run.SpanId));
        });
    }
}
