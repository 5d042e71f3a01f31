using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using MbpoML.Tests;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Tool.Tests.Own;

/// <summary>A run that a program of one's own writes is one for every command.</summary>
[Category("Text")]
public class OwnRunTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly string Run = Folder["mine"];

    [OneTimeSetUp]
    public void Train() => SmallRun.Train(RunFolder.For(Run), new RailEnvironment());

    [OneTimeTearDown]
    public void Delete() => Folder.Dispose();

    private static IEnumerable<string[]> Commands =>
    [
        ["evaluate", Run, "--episodes", "1"],
        ["evaluate", Run, "--log", Run],
        ["plot", Run, "--out", Folder["curves.png"]],
        ["report", Run],
        ["resume", Run],
        ["diagnose", "bound", Run],
        ["diagnose", "horizon", Run, "--horizon", "3", "--starts", "5", "--samples", "2", "--out", Folder["h.png"]],
        ["diagnose", "calibration", Run, "--transitions", "50", "--out", Folder["c.png"]],
        ["diagnose", "returns", Run, "--horizon", "5", "--samples", "2", "--episodes", "1", "--out", Folder["r.png"]],
        ["diagnose", "fan", Run, "--steps", "5", "--samples", "2", "--out", Folder["f.png"]],
        ["diagnose", "generalization", Run, "--sizes", "50,100", "--policies", "2", "--test", "50", "--fit-steps", "10", "--noise", "0.01", "--largest-shift",
            "1", "--out", Folder["g.png"]],
    ];

    [TestCaseSource(nameof(Commands))]
    public void Every_command_takes_it(string[] arguments)
    {
        var result = ToolResult.Of(arguments);
        Assert.That(result.Code, Is.Zero, result.Errors);
    }

    [Test]
    public void Its_folder_has_the_files_of_a_run()
    {
        Assert.Multiple(() =>
        {
            Assert.That(
                Directory.GetFileSystemEntries(Run).Select(Path.GetFileName),
                Is.EquivalentTo(new[] { "checkpoints", "metrics.jsonl", "options.json", "policy.zip", "report.json", "tensorboard" }));
            Assert.That(RunReport.Read(Path.Combine(Run, "report.json")) is { Status: RunStatus.Finished, Steps: 200, Sessions: [{ Ended: not null }] });
            Assert.That(File.ReadAllText(Path.Combine(Run, "options.json")),
                Does.Contain("\"task\": \"Rail\"").And.Contain("MbpoML.Tool.Tests.dll#MbpoML.Tool.Tests.Own.RailEnvironment"));
            Assert.That(ToolResult.Of("report", Run).Output, Does.Contain("### Rail").And.Contain("MBPO ("));
        });
    }

    [Test]
    public void A_run_that_was_stopped_is_resumed_by_the_tool_as_if_it_had_never_been()
    {
        using var folder = new TemporaryFolder();
        SmallRun.Train(RunFolder.For(folder["run"]), new RailEnvironment(), stopAfter: 120);
        Assert.That(RunReport.Read(folder["run", "report.json"])!.Status, Is.EqualTo(RunStatus.Interrupted));
        var result = ToolResult.Of("resume", folder["run"], "--workers", "1");
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(ToolResult.Metrics(folder["run"]), Is.EqualTo(ToolResult.Metrics(Run)));
        });
    }

    [Test]
    public void A_run_goes_on_in_its_own_program_and_then_in_the_tool()
    {
        using var folder = new TemporaryFolder();
        SmallRun.Train(RunFolder.For(folder["run"]), new RailEnvironment().WithTimeLimit(20).WithChecks(), stopAfter: 70);
        SmallRun.Train(RunFolder.For(folder["run"]), new RailEnvironment().WithTimeLimit(20).WithChecks(), stopAfter: 130);
        Assert.That(ToolResult.Of("resume", folder["run"], "--workers", "1").Code, Is.Zero);
        SmallRun.Train(RunFolder.For(folder["through"]), new RailEnvironment().WithTimeLimit(20));
        Assert.That(ToolResult.Metrics(folder["run"]), Is.EqualTo(ToolResult.Metrics(folder["through"])));
        Assert.That(RunReport.Read(folder["run", "report.json"])!.Sessions, Has.Count.EqualTo(3));
    }

    [Test]
    public void A_label_and_a_task_name_the_run_in_tables()
    {
        using var folder = new TemporaryFolder();
        foreach (var seed in (int[])[1, 2])
            SmallRun.Train(RunFolder.For(folder[$"seed-{seed}"], task: "Rail of [4] metres", label: "ours [v2]"), new RailEnvironment(),
                steps: 100, seed: seed);
        var report = ToolResult.Of("report", folder.FullName).Output;
        Assert.That(report, Does.Contain("### Rail of [4] metres").And.Contain("| steps | ours [v2] |").And.Contain("(2)*, lowest "));
        Assert.That(ToolResult.Of("evaluate", folder.FullName, "--episodes", "1").Output, Does.Contain("Rail of [4] metres"));
        Assert.That(ToolResult.Of("report", folder.FullName, "--pictures", folder["a (b) [c]"]).Output,
            Does.Contain(@"![Rail of \[4\] metres: return over environment steps](<").And.Contain("rail-of--4--metres.png>)"));
        Assert.That(ToolResult.Of("plot", folder.FullName, Run, "--out", folder["curves.png"]).Output,
            Does.Contain("curves-Rail-of--4--metres.png").And.Contain("curves-Rail.png"));
    }

    [Test]
    public void A_folder_takes_one_run_and_says_so()
    {
        var run = RunFolder.For(Run);
        var before = File.ReadAllText(run.Options);
        var preset = SmallRun.Preset(200);
        preset.Trainer.Record = run;
        using var environment = new RailEnvironment();
        var trainer = new MLContext(1).Reinforcement().Mbpo(environment, preset);
        Assert.That(() => trainer.Train(), Throws.TypeOf<RunFolderException>().With.Message.Contains($"There is a run in '{Run}' already"));
        using (TakenRun.Take(run)) Assert.That(() => trainer.Train(), Throws.TypeOf<RunInUseException>().With.Message.Contains("is in use: another process"));
        Assert.That(File.ReadAllText(run.Options), Is.EqualTo(before));
    }

    [Test]
    public void A_checkpoint_of_another_run_does_not_write_over_a_run()
    {
        using var folder = new TemporaryFolder();
        SmallRun.Train(RunFolder.For(folder["other"]), new RailEnvironment(), steps: 100);
        var preset = SmallRun.Preset(300);
        preset.Trainer.Record = RunFolder.For(Run);
        using var environment = new RailEnvironment();
        var trainer = new MLContext(7).Reinforcement().Mbpo(environment, preset);
        Assert.That(() => trainer.Resume(folder["other", "checkpoints"]), Throws.TypeOf<RunFolderException>().With.Message.Contains("is no checkpoint of it"));
    }

    [Test]
    public void A_program_that_failed_before_its_first_epoch_begins_again_once_it_is_mended()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.For(folder["run"]);
        var preset = SmallRun.Preset(100);
        preset.Trainer.Record = run;
        using var environment = new RailEnvironment();
        using var pendulum = new PendulumEnvironment();
        var rl = new MLContext(7).Reinforcement();
        Assert.That(() => rl.Mbpo(environment, preset).Train(rl.Data.Record(pendulum, 10)), Throws.ArgumentException.With.Message.Contains("3 observations"));
        Assert.That((RunReport.Read(run.Report)!.Status, run.CanResume), Is.EqualTo((RunStatus.Failed, false)));
        SmallRun.Train(run, new RailEnvironment(), steps: 100);
        Assert.That(RunReport.Read(run.Report)!.Status, Is.EqualTo(RunStatus.Finished));
    }

    [Test]
    public void A_run_whose_environment_failed_at_its_first_reset_goes_on_once_that_is_mended()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.For(folder["run"]);
        Assert.That(() => SmallRun.Train(run, new FailingReset()), Throws.TypeOf<TrainingFailedException>());
        Assert.That((RunReport.Read(run.Report)!.Status, run.CanResume), Is.EqualTo((RunStatus.Failed, true)));
        SmallRun.Train(run, new RailEnvironment());
        Assert.That(RunReport.Read(run.Report) is { Status: RunStatus.Finished, Steps: 200, Sessions.Count: 2 });
    }

    [Test]
    public void What_only_code_can_give_is_asked_of_the_program()
    {
        using var folder = new TemporaryFolder();
        SmallRun.Train(
            RunFolder.For(folder["run"]), new RailEnvironment(), steps: 100,
            change: preset => preset.Trainer.Reward = RewardFunction.FromRow((observation, action, next) => -next[0] * next[0]));
        Assert.Multiple(() =>
        {
            ToolResult.Of("resume", folder["run"], "--steps", "200").MustFail(ExitCodes.BadArguments, "Trainer.Reward cannot be");
            ToolResult.Of("resume", folder["run"], "--steps", "200").MustFail(ExitCodes.BadArguments, "go on with it there, by the Resume of its trainer");
            Assert.That(ToolResult.Of("report", folder["run"]).Code, Is.Zero, "what needs no code is told");
            Assert.That(ToolResult.Of("evaluate", folder["run"], "--episodes", "1").Code, Is.Zero);
        });
    }

    [Test]
    public void An_environment_that_its_type_does_not_make_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        SmallRun.Train(RunFolder.For(folder["run"]), UnmakeableEnvironment.Usual(), stopAfter: 120);
        Assert.Multiple(() =>
        {
            Assert.That(ToolResult.Of("report", folder["run"]).Code, Is.Zero);
            foreach (var command in (string[])["resume", "evaluate", "diagnose bound"])
                ToolResult.Of([.. command.Split(' '), folder["run"]])
                    .MustFail(ExitCodes.BadArguments, "whose environment MbpoML.Tool.Tests.Own.UnmakeableEnvironment cannot be made without arguments");
            Assert.That(ToolResult.Of("evaluate", folder["run"], "--log", folder["run"]).Output, Does.Contain("rows within a tenth"));
        });

        var result = ToolResult.Of("resume", folder["run"], "--workers", "1", "--environment", $"{SmallRun.Assembly}#RailEnvironment");
        Assert.That(result.Code, Is.Zero, result.Errors);
        Assert.That(ToolResult.Metrics(folder["run"]), Is.EqualTo(ToolResult.Metrics(Run)));
        Assert.That(ToolResult.Of("evaluate", folder["run"], "--episodes", "1").Code, Is.Zero, "the option is remembered");
    }

    // Whoever sends a folder could name an assembly in it, or one on a machine of their own.
    [TestCase("{run}")]
    [TestCase("relative.dll#X")]
    [TestCase("//elsewhere/share/x.dll#X")]
    [TestCase(@"\\\\elsewhere\\share\\x.dll#X")]
    public void Code_beside_a_run_or_on_another_machine_is_not_run_unasked(string reference)
    {
        using var folder = new TemporaryFolder();
        SmallRun.Train(RunFolder.For(folder["run"]), new RailEnvironment(), steps: 100);
        File.Copy(SmallRun.Assembly, folder["run", "beside.dll"]);
        var named = reference.Replace("{run}", folder["run", "beside.dll#MbpoML.Tool.Tests.Own.RailEnvironment"], StringComparison.Ordinal);
        var options = File.ReadAllText(folder["run", "options.json"]);
        File.WriteAllText(folder["run", "options.json"],
            options.Replace($"{SmallRun.Assembly}#MbpoML.Tool.Tests.Own.RailEnvironment", named, StringComparison.Ordinal));
        foreach (var command in (string[])["resume", "evaluate", "diagnose bound", "train --options"])
        {
            var path = command == "train --options" ? folder["run", "options.json"] : folder["run"];
            ToolResult.Of([.. command.Split(' '), path]).MustFail(ExitCodes.BadArguments, "is not run unasked");
        }

        Assert.That(ToolResult.Of("report", folder["run"]).Code, Is.Zero);
    }

    [Test]
    public void A_ready_made_task_of_the_library_is_the_tools_own()
    {
        using var folder = new TemporaryFolder();
        SmallRun.Train(RunFolder.For(folder["run"]), new CartPoleContinuousEnvironment(), steps: 100);
        var result = ToolResult.Of("evaluate", folder["run"], "--episodes", "1");
        Assert.That((result.Code, result.Errors), Is.EqualTo((0, "")));
        Assert.That(result.Output, Does.Match(@"run +CartPole +100"));
    }

    private sealed class FailingReset : RailEnvironment, IEnvironment
    {
        void IEnvironment.Reset(int seed, Span<double> observation) => throw new InvalidOperationException("No sensor.");
    }
}
