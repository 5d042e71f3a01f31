using System.Text.Json;
using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

public class TrainTests
{
    [Test]
    public void A_run_leaves_options_metrics_events_policy_checkpoint_and_report()
    {
        var report = JsonDocument.Parse(File.ReadAllText(Path.Combine(TrainedRun.Folder, "report.json"))).RootElement;
        var session = report.GetProperty("sessions")[0];
        Assert.Multiple(() =>
        {
            Assert.That(
                Directory.GetFileSystemEntries(TrainedRun.Folder).Select(Path.GetFileName),
                Is.EquivalentTo(new[] { "checkpoints", "metrics.jsonl", "options.json", "policy.zip", "report.json", "tensorboard" }));
            Assert.That(Directory.GetFiles(Path.Combine(TrainedRun.Folder, "checkpoints")).Select(Path.GetFileName),
                Is.EqualTo(new[] { "step-000000000300.checkpoint" }));
            Assert.That(Directory.GetFiles(Path.Combine(TrainedRun.Folder, "tensorboard")), Has.Length.EqualTo(1));
            Assert.That(
                File.ReadLines(Path.Combine(TrainedRun.Folder, "metrics.jsonl"))
                    .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt32()),
                Is.EqualTo(new[] { 200, 300 }));
            Assert.That((report.GetProperty("status").GetString(), report.GetProperty("steps").GetInt32()), Is.EqualTo(("finished", 300)));
            Assert.That(report.GetProperty("wallClockSeconds").GetDouble(), Is.Positive);
            Assert.That(session.GetProperty("ended").GetDateTimeOffset(), Is.GreaterThanOrEqualTo(session.GetProperty("started").GetDateTimeOffset()));
            Assert.That(session.GetProperty("machine").GetProperty("torch").GetString(), Does.StartWith("TorchSharp 0."));
        });
    }

    [Test]
    public void Where_nobody_looks_on_each_epoch_is_a_line() =>
        Assert.That(
            TrainedRun.Result.Output.Split('\n'),
            Has.One.StartsWith("MBPO on Pendulum, seed 1: ")
                .And.One.Matches(
                    @"^first  00:00:\d\d  step 200 of 300  return -\d+\.\d  episode -\d+\.\d  " +
                    @"model \d+%, rollouts \d+%, policy \d+%, environment \d+%, evaluation \d+%  left 00:00:\d\d$")
                .And.One.Contains("step 300 of 300"));

    [Test]
    public void The_options_of_a_run_make_the_same_run_again()
    {
        using var folder = new TemporaryFolder();
        var result = ToolResult.Of("train", "--options", Path.Combine(TrainedRun.Folder, "options.json"), "--workers", "1", "--out", folder["again"]);
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(File.ReadAllText(folder["again", "options.json"]), Is.EqualTo(File.ReadAllText(Path.Combine(TrainedRun.Folder, "options.json"))));
            Assert.That(ToolResult.Metrics(folder["again"]), Is.EqualTo(ToolResult.Metrics(TrainedRun.Folder)));
        });
    }

    [Test]
    public void Several_seeds_run_in_processes_of_their_own_and_each_is_the_run_that_it_would_be_alone()
    {
        using var folder = new TemporaryFolder();
        var result = ToolResult.Train(folder.FullName, "--seeds", "1,2", "--parallel", "2");
        Assert.Multiple(() =>
        {
            Assert.That(ToolResult.Metrics(folder["seed-1"]), Is.EqualTo(ToolResult.Metrics(TrainedRun.Folder)));
            Assert.That(ToolResult.Metrics(folder["seed-2"]), Is.Not.EqualTo(ToolResult.Metrics(TrainedRun.Folder)));
            Assert.That(result.Output, Does.Contain("seed-1  00:00:").And.Contain("seed-2  00:00:"));
        });
    }

    [Test]
    public void Soft_actor_critic_alone_fits_no_model()
    {
        using var folder = new TemporaryFolder();
        ToolResult.Train(folder["sac"], "--algorithm", "sac");
        Assert.That(ToolResult.Metrics(folder["sac"]), Has.None.Contains("rollout/"));
    }
}
