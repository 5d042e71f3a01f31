using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

[Category("Text")]
public class DescribeTests
{
    private const string Plant = """
        experiment,second,heater_1,setpoint_1,temperature_1,alarm
        a,0,10,25,20,0
        a,1,20,25,21,0
        a,4,30,25,22,0
        b,0,10,26,20,0
        b,1,20,26,21,0
        """;

    [Test]
    public void A_table_is_described_and_a_command_line_suggested()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["plant.csv"], Plant);
        var result = ToolResult.Of("offline", "describe", folder["plant.csv"]);
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(result.Output, Does.Contain("plant.csv: 5 rows, 2 episode(s) by 'experiment' of 2 to 3 rows."));
            Assert.That(result.Output, Does.Contain("Times: 'second', 1 between two rows; 1 gap(s), the longest 3; 0 equal, 0 backward."));
            Assert.That(result.Output, Does.Contain("The same in all rows: 'alarm'."));
            Assert.That(result.Output, Does.Contain("--observe temperature_1 --set-points setpoint_1 --act heater_1 --time second --episode experiment"));
            Assert.That(result.Output, Does.Contain("-([next_temperature_1] - [setpoint_1])**2"));
        });
    }

    [Test]
    public void Options_are_tried()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["plant.csv"], Plant);
        string[] options = ["--observe", "temperature_1", "--act", "heater_1", "--time", "second", "--episode", "experiment"];
        var result = ToolResult.Of(["offline", "describe", folder["plant.csv"], .. options, "--reward", "-(next_temperature_1 - 22)**2"]);
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(result.Output, Does.Contain("These options make 2 transitions in 2 episode(s) of 1 to 1 steps."));
            Assert.That(result.Output, Does.Contain("A step takes 1; 1 gap(s), 1 restart(s). Observed: temperature_1."));
            Assert.That(result.Output, Does.Contain("Returns of the episodes: mean -1, from -1 to -1."));
        });
        ToolResult.Of(["offline", "describe", folder["plant.csv"], .. options]).MustFail(ExitCodes.BadArguments, "Reward");
        ToolResult.Of("offline", "describe", folder["plant.csv"], "--step", "2").MustFail(ExitCodes.BadArguments, "Observe, Act, Reward");
    }

    // An episode of the pendulum has 200 steps; the second one was cut when the run ended.
    [TestCase("")]
    [TestCase("/")]
    public void The_folder_of_a_run_is_described_as_transitions(string end)
    {
        var result = ToolResult.Of("offline", "describe", TrainedRun.Folder + end);
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(result.Output, Does.Contain("first: 300 transitions, 2 episode(s) of 100 to 200 rows."));
            Assert.That(result.Output, Does.Match("Returns of the episodes: mean -\\d"));
            Assert.That(result.Output, Does.Contain("The same in all rows: 'Terminated'."));
            Assert.That(result.Output, Does.Contain("NextObservation[2]").And.Not.Contain("mbpo offline train"));
        });
    }

    // Two episodes: the second begins elsewhere than the first ended. The third begins after the end of the task.
    [TestCase("mean 2, from 1 to 3", "--observations", "1")]
    [TestCase("mean -0.3, from -0.4 to -0.2", "--actions", "1", "--reward=-a0")]
    public void Columns_without_names_are_described_by_their_order(string returns, params string[] options)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["steps.csv"], "0,0.1,1,1,0\n1,0.2,2,2,0\n5,0.2,1,6,1\n6,0.4,2,7,0\n");
        var result = ToolResult.Of(["offline", "describe", folder["steps.csv"], .. options]);
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(result.Output, Does.Contain("steps.csv: 4 transitions, 3 episode(s) of 1 to 2 rows."));
            Assert.That(result.Output, Does.Contain($"Returns of the episodes: {returns}."));
            Assert.That(result.Output, Does.Contain("The same in all rows: 'Truncated'."));
        });
    }

    [Test]
    public void A_reward_that_is_no_number_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["steps.csv"], "0,0.1,1,1,0\n1,0.2,2,2,0\n");
        string[] log = [folder["steps.csv"], "--observations", "1", "--reward", "1 / (o0 - 1)"];
        const string message = "--reward is '1 / (o0 - 1)', which does not suit the log. The reward function returned Infinity for row 1 of 2";
        ToolResult.Of(["offline", "describe", .. log]).MustFail(ExitCodes.BadArguments, message);
        // Who learns names the numbers of the row as well.
        var refused = ToolResult.Of(["offline", "train", .. log, "--out", folder["never"]]);
        refused.MustFail(ExitCodes.BadArguments, "Reward gives Infinity for row 1 of the log, counted from 0, with observation [1], action [0.2]");
        Assert.That(refused.Errors, Does.Contain("next observation [2]").And.Contain("--reward"));
    }

    [Test]
    public void What_cannot_be_described_ends_with_its_exit_code()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["plant.csv"], Plant);
        File.WriteAllText(folder["cut.npz"], "PK");
        ToolResult.Of("offline", "describe", folder["plant.xlsx"]).MustFail(ExitCodes.BadArguments, ".parquet");
        ToolResult.Of("offline", "describe", folder["plant.csv"], "--time", "seconds").MustFail(ExitCodes.BadArguments, "Did you mean 'second'");
        ToolResult.Of("offline", "describe", folder["missing.csv"]).MustFail(ExitCodes.Failed, "missing.csv");
        ToolResult.Of("offline", "describe", folder["cut.npz"]).MustFail(ExitCodes.Failed, "cut.npz cannot be read as an npz file");
    }
}
