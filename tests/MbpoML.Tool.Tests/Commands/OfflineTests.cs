using System.Globalization;
using MbpoML.Numerics.Random;
using MbpoML.Tests;
using MbpoML.Tool.Commands.Offline;

namespace MbpoML.Tool.Tests.Commands;

/// <summary>The commands of logs: a policy of a CSV file, a verdict with its page, and a process that is killed in between.</summary>
public class OfflineTests
{
    private static readonly string[] Tiny =
        ["--observations", "1", "--set", "Options.Updates=400", "Options.EpochLength=100", "Options.BatchSize=16", "Options.HiddenSizes=[8, 8]"];

    private readonly TemporaryFolder _folder = new();

    private string Log => _folder["plant.csv"];

    [OneTimeSetUp]
    public void Record()
    {
        var random = new RandomSource(1);
        var lines = new List<string> { "x,a,reward,next x,end" };
        for (var episode = 0; episode < 20; episode++)
        {
            var x = random.NextUniform(-1, 1);
            for (var step = 0; step < 20; step++)
            {
                var action = Math.Clamp((-0.5 * x) + (0.4 * random.NextNormal()), -1, 1);
                var next = x + (0.3 * action);
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{x:R},{action:R},{1 - Math.Abs(next):R},{next:R},0"));
                x = next;
            }
        }

        File.WriteAllLines(Log, lines);
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_log_becomes_a_policy_and_a_verdict_on_one_page()
    {
        var trained = ToolResult.Of(["offline", "train", Log, "--algorithm", "bc", "--out", _folder["bc"], .. Tiny]);
        Assert.That(trained.Code, Is.Zero, trained.Errors);
        var judged = ToolResult.Of(
            "offline", "judge", Log, _folder["bc", "policy.zip"], "--actions", "1", "--out", _folder["bc", "verdict"], "--updates", "100", "--horizon", "10");
        Assert.Multiple(() =>
        {
            Assert.That(judged.Code, Is.Zero, judged.Errors);
            Assert.That(File.Exists(_folder["bc", "policy.onnx"]));
            Assert.That(File.ReadAllText(_folder["bc", "metrics.jsonl"]), Does.Contain("offline/clone-loss"));
            Assert.That(File.ReadAllText(_folder["bc", "verdict", "report.md"]), Does.Contain("# policy.zip by plant.csv"));
            Assert.That(judged.Output, Does.Contain("Fitted Q evaluation"));
        });
    }

    [Test]
    public void The_log_of_a_run_brings_what_ends_its_task()
    {
        var run = _folder["pole"];
        var trained = ToolResult.Of("train", "CartPole", "--preset", "fast", "--algorithm", "sac", "--steps", "400", "--workers", "1", "--out", run);
        Assert.That(trained.Code, Is.Zero, trained.Errors);
        // Poles fell, so that a judge who knew nothing of it would refuse the log.
        var judged = ToolResult.Of(
            "offline", "judge", run, Path.Combine(run, "policy.zip"), "--out", _folder["pole-verdict"], "--updates", "50", "--horizon", "5");
        Assert.That(judged.Code, Is.Zero, judged.Errors);
        Assert.That(judged.Output, Does.Contain("Fitted Q evaluation"));
    }

    [Test]
    public void A_formula_may_begin_with_a_minus_and_replaces_the_reward_of_transitions()
    {
        var trained = ToolResult.Of(["offline", "train", Log, "--algorithm", "bc", "--out", _folder["minus"], .. Tiny, "Options.Updates=20"]);
        Assert.That(trained.Code, Is.Zero, trained.Errors);
        var judged = ToolResult.Of(
            "offline", "judge", Log, _folder["minus", "policy.zip"], "--actions", "1", "--out", _folder["minus", "verdict"], "--updates", "20",
            "--horizon", "10", "--reward", "-Abs(next_o0)");
        Assert.That(judged.Code, Is.Zero, judged.Errors);
        Assert.That(judged.Output, Does.Match("log \\(-\\d").Or.Match("log -\\d"), "the rewards of the file are mostly positive");
    }

    // Half of the places are negative, and have no logarithm.
    [Test]
    public void A_formula_without_a_value_for_a_logged_row_is_refused_with_the_row()
    {
        var trained = ToolResult.Of(["offline", "train", Log, "--algorithm", "bc", "--out", _folder["ln"], .. Tiny, "Options.Updates=20"]);
        Assert.That(trained.Code, Is.Zero, trained.Errors);
        string[] reward = ["--actions", "1", "--reward", "Ln(next_o0)"];
        foreach (var refused in new[]
        {
            ToolResult.Of(["offline", "judge", Log, _folder["ln", "policy.zip"], "--out", _folder["never"], .. reward]),
            ToolResult.Of(["offline", "train", Log, "--algorithm", "bc", "--out", _folder["never"], .. reward]),
        })
        {
            refused.MustFail(ExitCodes.BadArguments, "Reward gives NaN for row");
            Assert.That(refused.Errors, Does.Contain("next observation [-").And.Contain("--reward").And.Not.Contain("   at "));
        }
    }

    [Test]
    public void A_log_in_which_the_task_ended_asks_for_the_condition_before_anything_is_learned()
    {
        File.WriteAllText(_folder["ends.csv"], "x,a,reward,next x,end\n0,0.5,1,0.2,0\n0.2,1,1,0.5,0\n0.5,-1,1,1.2,1\n0,0.1,1,0.1,0\n");
        string[] command = ["offline", "train", _folder["ends.csv"], "--algorithm", "mopo", "--observations", "1", "--out", _folder["ends"]];
        var refused = ToolResult.Of(command);
        Assert.Multiple(() =>
        {
            Assert.That(refused.Code, Is.EqualTo(ExitCodes.BadArguments));
            Assert.That(refused.Errors, Does.Contain("1 of 4 rows are terminated").And.Contain("--ends").And.Not.Contain("   at "));
        });
    }

    [Test]
    public void The_same_command_goes_on_and_gives_the_same_policy()
    {
        string[] arguments = ["offline", "train", Log, "--algorithm", "iql", "--out", _folder["iql"], .. Tiny];
        Assert.That(ToolResult.Of(arguments).Code, Is.Zero);
        var first = File.ReadAllBytes(_folder["iql", "policy.onnx"]);
        Assert.That(ToolResult.Of(arguments).Code, Is.Zero, "it is finished, and gives its policy again");
        Assert.That(File.ReadAllBytes(_folder["iql", "policy.onnx"]), Is.EqualTo(first));
    }

    // The process dies in the middle, at whatever instruction; the same command goes on from its last checkpoint.
    [Test]
    public void A_killed_process_goes_on_and_gives_the_policy_of_one_that_was_not()
    {
        string[] Arguments(string folder) =>
        [
            "offline", "train", Log, "--algorithm", "td3bc", "--out", _folder[folder], "--checkpoint-minutes", "0.0005", .. Tiny, "--set",
            "Options.Updates=6000",
        ];
        var tool = typeof(OfflineCommand).Assembly.Location;
        var killed = _folder["killed", "checkpoints"];
        var process = ChildProcess.Dotnet([tool, .. Arguments("killed")], whileRunning: running =>
        {
            while (!running.HasExited && !(Directory.Exists(killed) && Directory.EnumerateFiles(killed, "*.checkpoint").Count() > 1)) Thread.Sleep(5);
            running.Kill();
        });
        Assert.That(process.ExitCode, Is.Not.Zero, "it was killed before its end");
        Assert.That(ToolResult.Of(Arguments("killed")).Code, Is.Zero);
        Assert.That(ToolResult.Of(Arguments("whole")).Code, Is.Zero);
        Assert.That(File.ReadAllBytes(_folder["killed", "policy.onnx"]), Is.EqualTo(File.ReadAllBytes(_folder["whole", "policy.onnx"])));
    }

    [TestCase("--observe, --time, --step, --past-actions, --skip-missing cannot be given; --reward, --outside and --ends can.", "--observations", "1",
        "--observe", "x", "--time", "t", "--step", "2", "--past-actions", "1", "--skip-missing")]
    [TestCase("--act, --set-points, --episode, --time-restarts, --tolerance, --terminated, --past-observations, --keep-constants cannot be given", "--actions",
        "1", "--act", "a", "--set-points", "s", "--episode", "e", "--time-restarts", "--tolerance", "0.2", "--terminated", "end", "--past-observations", "1",
        "--keep-constants")]
    [TestCase("--observations and --actions are numbers of columns, at least 1", "--observations", "0")]
    public void What_makes_transitions_of_rows_is_refused_where_there_are_some(string message, params string[] options)
    {
        ToolResult.Of(["offline", "train", Log, "--out", _folder["never"], .. Tiny[2..], .. options]).MustFail(ExitCodes.BadArguments, message);
        ToolResult.Of(["offline", "describe", Log, .. options]).MustFail(ExitCodes.BadArguments, message);
    }

    [Test]
    public void The_folder_of_a_run_takes_no_option_about_rows() => Assert.Multiple(() =>
    {
        string[] options = ["--observe", "x", "--act", "a", "--observations", "3"];
        const string message = "is the folder of a run, which holds transitions already: --observations, --observe, --act cannot be given";
        ToolResult.Of(["offline", "train", TrainedRun.Folder, "--out", _folder["never"], .. Tiny[2..], .. options]).MustFail(ExitCodes.BadArguments, message);
        ToolResult.Of(["offline", "describe", TrainedRun.Folder, .. options]).MustFail(ExitCodes.BadArguments, message);
    });

    [TestCase("There is no log", "offline", "train", "nowhere.csv", "--out", "never")]
    [TestCase("holds rows, not transitions", "offline", "train", "LOG", "--out", "never")]
    [TestCase("has 5 columns", "offline", "train", "LOG", "--out", "never", "--observations", "3")]
    [TestCase("'cql'", "offline", "train", "LOG", "--out", "never", "--observations", "1", "--algorithm", "cql")]
    [TestCase("Options.Updates", "offline", "train", "LOG", "--out", "never", "--observations", "1", "--set", "Options.Update=1")]
    [TestCase("ActionSpace allows", "offline", "train", "LOG", "--out", "never", "--observations", "1", "--low", "-0.1", "--high", "0.1")]
    [TestCase("Updates must be at least 1", "offline", "train", "LOG", "--out", "never", "--observations", "1", "--set", "Options.Updates=0")]
    public void What_cannot_be_is_refused_with_a_reason(string message, params string[] arguments) => ToolResult.Of(
        [.. arguments.Select(argument => argument == "LOG" ? Log : argument == "never" ? _folder["never"] : argument)])
        .MustFail(ExitCodes.BadArguments, message);
}
