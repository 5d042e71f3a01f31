using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

/// <summary>Pictures and numbers of a tiny run: that they are there and say what was measured. What is measured, the tests of the library tell.</summary>
[Category("Text")]
public class DiagnoseTests
{
    [Test]
    public void The_fan_has_a_row_for_each_quantity_and_step()
    {
        using var folder = new TemporaryFolder();
        var result = ToolResult.Of("diagnose", "fan", TrainedRun.Folder, "--steps", "20", "--samples", "10", "--out", folder["fan.png"]);
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(File.ReadAllBytes(folder["fan.png"])[1..4], Is.EqualTo("PNG"u8.ToArray()));
            Assert.That(File.ReadAllLines(folder["fan.csv"]), Has.Length.EqualTo(1 + (3 * 21) + 20),
                "three observations before and after each step, a reward for each step");
            Assert.That(result.Output, Does.Contain("error of the mean").And.Match(@"\n\s+20\s+\d+\.\d{3}\s"));
        });
    }

    [Test]
    public void The_growth_of_error_is_averaged_over_runs()
    {
        using var folder = new TemporaryFolder();
        var result = ToolResult.Of(
            "diagnose", "horizon", TrainedRun.Folder, "--horizon", "10", "--starts", "20", "--samples", "5", "--out", folder["horizon.svg"]);
        var lines = File.ReadAllLines(folder["horizon.csv"]);
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(File.ReadAllText(folder["horizon.svg"]), Does.Contain("imagined steps"));
            Assert.That(result.Output, Does.Match(@"\n\s+10\s+\d+\.\d{3}\s+-\s+\d+\.\d{3}\s+-\s"), "one run has no spread over runs");
            Assert.That(lines, Has.Length.EqualTo(1 + (2 * 10) + 2).And.ItemAt(1).Match(@"^error of the model's mean,1,\d"));
            // Episodes of 200 steps, which nothing terminates: 191 of their 200 places have ten steps after them.
            Assert.That(lines[^2..], Is.EqualTo(
                new[] { "share of places with a horizon of steps after them,10,0.955,", "share of places before a termination within the horizon,10,0," }));
            Assert.That(result.Output, Does.Match("9[56] % of all places have 10 more steps and count, 0 % lie before a termination"));
        });
    }

    [Test]
    public void Calibration_is_told_and_drawn()
    {
        using var folder = new TemporaryFolder();
        var result = ToolResult.Of("diagnose", "calibration", TrainedRun.Folder, "--transitions", "300", "--out", folder["calibration.png"]);
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(result.Output, Does.Match(@"calibration error 0\.\d{3} \(sd -\) over 1 runs"));
            Assert.That(File.ReadAllLines(folder["calibration.csv"]), Has.Length.EqualTo(1 + (2 * 19)));
        });
    }

    [Test]
    public void Returns_and_bounds_need_checkpoints_and_say_so()
    {
        using var folder = new TemporaryFolder();
        ToolResult.Train(folder["run"], "--set", "Trainer.Checkpoints.EverySteps=100", "Trainer.Checkpoints.Keep=5");
        var returns = ToolResult.Of(
            "diagnose", "returns", folder["run"], "--horizon", "20", "--samples", "5", "--episodes", "2", "--out", folder["returns.png"]);
        var bound = ToolResult.Of("diagnose", "bound", folder["run"]);
        Assert.Multiple(() =>
        {
            Assert.That(returns.Code, Is.Zero, returns.Errors);
            Assert.That(File.Exists(folder["returns-scatter.png"]));
            // Model and policy stand from step 100 on, after the first refit only at the checkpoints of 200 and 300.
            Assert.That(returns.Output, Does.Match(@"Pearson r = -?\d\.\d\d, mean excess -?\d+\.\d, 4 episodes of 2 checkpoints"));
            Assert.That(
                File.ReadAllLines(folder["returns.csv"])
                    .Count(line => line.StartsWith("model single rollouts,", StringComparison.Ordinal) ||
                        line.StartsWith("\"model, single rollouts\",", StringComparison.Ordinal)), Is.EqualTo(5 * 20));
            Assert.That(bound.Code, Is.Zero, bound.Errors);
            // The checkpoint of step 200 was written before the refit there: its model knows the first 150.
            Assert.That(bound.Output, Does.Match(@"\s150 to 300\s").And.Contain("recommended length"));
        });
        ToolResult.Of("diagnose", "bound", TrainedRun.Folder).MustFail(ExitCodes.Failed, "has one checkpoint, but two are compared");
        Directory.Delete(folder["run", "checkpoints"], recursive: true);
        ToolResult.Of("diagnose", "fan", folder["run"]).MustFail(ExitCodes.Failed, "has no checkpoint");
    }

    [Test]
    public void Generalization_trains_its_runs_and_takes_them_as_they_are_the_next_time([Values("perturbed", "optimized")] string ladder)
    {
        using var folder = new TemporaryFolder();
        string[] command =
        [
            "diagnose", "generalization", "--task", "Pendulum", "--seeds", "4,5", "--steps", "150", "--sizes", "30,60", "--policies", "3", "--ladder", ladder,
            "--updates", "20", "--test", "50", "--largest-shift", "1",
            "--out", folder["g.png"], "--set", "Trainer.InitialExplorationSteps=100", "Trainer.EpochLength=50", "Trainer.UpdatesPerStep=2",
            "Trainer.EvaluationEpisodes=0", "Dynamics.MaxEpochs=5",
            "Dynamics.HiddenSizes=[8]", "Rollouts.BatchSize=100", "Policy.HiddenSizes=[8]",
        ];
        var first = ToolResult.Of(command);
        var written = File.GetLastWriteTimeUtc(folder["g-runs", "seed-4", "report.json"]);
        var numbers = File.ReadAllText(folder["g.csv"]);
        var second = ToolResult.Of(command);
        Assert.Multiple(() =>
        {
            Assert.That(first.Code, Is.Zero, first.Errors);
            Assert.That(File.ReadAllLines(folder["g.csv"]).Count(line => line.StartsWith("30 transitions,", StringComparison.Ordinal)), Is.EqualTo(2 * 4),
                "two runs, four policies");
            Assert.That(File.ReadAllLines(folder["g-slope.csv"]), Has.Length.EqualTo(1 + (2 * 2)));
            Assert.That(first.Output, Does.Contain("best rollout length there").And.Contain("model of 60 transitions"));
            Assert.That(second.Code, Is.Zero, second.Errors);
            Assert.That(File.GetLastWriteTimeUtc(folder["g-runs", "seed-4", "report.json"]), Is.EqualTo(written));
            Assert.That(File.ReadAllText(folder["g.csv"]), Is.EqualTo(numbers));
        });
        ToolResult.Of([.. command, "Policy.LearningRate=0.5"]).MustFail(ExitCodes.BadArguments, "holds a run with other settings");
    }

    [Test]
    public void Policies_too_far_away_for_a_line_are_drawn_and_said()
    {
        using var folder = new TemporaryFolder();
        var result = ToolResult.Of(
            "diagnose", "generalization", "--task", "Pendulum", "--seeds", "4", "--steps", "150", "--sizes", "30", "--policies", "2", "--noise", "100",
            "--test", "50", "--out", folder["g.png"],
            "--set", "Trainer.InitialExplorationSteps=100", "Trainer.EpochLength=50", "Trainer.UpdatesPerStep=2", "Trainer.EvaluationEpisodes=0",
            "Dynamics.MaxEpochs=5", "Dynamics.HiddenSizes=[8]",
            "Rollouts.BatchSize=100", "Policy.HiddenSizes=[8]");
        result.MustFail(ExitCodes.Failed, "by less --noise");
        Assert.That(File.ReadAllLines(folder["g.csv"]).Count(line => line.StartsWith("30 transitions,", StringComparison.Ordinal)), Is.EqualTo(3),
            "what was measured is not lost");
    }

    [TestCase("--out is 'x.gif'", "diagnose", "fan", "RUN", "--out", "x.gif")]
    [TestCase("steps must be at least 1", "diagnose", "fan", "RUN", "--steps", "0")]
    [TestCase("Give a shorter horizon", "diagnose", "horizon", "RUN", "--horizon", "500", "--starts", "3")]
    [TestCase("--transitions is 0", "diagnose", "calibration", "RUN", "--transitions", "0")]
    [TestCase("Name runs, or a task", "diagnose", "generalization")]
    [TestCase("not both", "diagnose", "generalization", "RUN", "--task", "Pendulum")]
    [TestCase("--sizes is '5,x'", "diagnose", "generalization", "RUN", "--sizes", "5,x")]
    [TestCase("--sizes is '5,5'", "diagnose", "generalization", "RUN", "--sizes", "5,5")]
    [TestCase("--ladder is 'random', but must be 'perturbed' or 'optimized'", "diagnose", "generalization", "RUN", "--ladder", "random")]
    [TestCase("--noise is 0", "diagnose", "generalization", "RUN", "--noise", "0")]
    [TestCase("--largest-shift is 2", "diagnose", "generalization", "RUN", "--largest-shift", "2")]
    [TestCase("Required command was not provided", "diagnose")]
    public void Arguments_that_are_not_understood_are_said(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        ToolResult.Of([.. arguments.Select(argument => argument == "RUN" ? TrainedRun.Folder : argument)]).MustFail(ExitCodes.BadArguments, message);
    }
}
