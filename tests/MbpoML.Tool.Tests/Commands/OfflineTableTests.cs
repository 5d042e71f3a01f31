using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Random;
using MbpoML.Tests;
using MbpoML.Tool.Commands.Offline;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tool.Tests.Commands;

/// <summary>A table of a plant on its way through the commands of logs: each prints the command that comes next, and that one works as it stands.</summary>
public partial class OfflineTableTests
{
    private static readonly string[] Tiny =
        ["--set", "Options.Updates=40", "Options.EpochLength=20", "Options.BatchSize=16", "Options.HiddenSizes=[8, 8]"];

    // Of a method with a model.
    private static readonly string[] Quick =
        ["Options.Updates=20", "Options.RolloutBatchSize=20", "Dynamics.MaxOptimizerSteps=20", "Dynamics.HiddenSizes=[8, 8]"];

    private static readonly string[] Columns = ["--observe", "temperature", "--set-points", "target", "--act", "heater", "--time", "second"];

    private readonly TemporaryFolder _folder = new();

    // The blank has to be quoted wherever a command prints the name.
    private string Plant => _folder["my plant.csv"];

    private string Transitions => _folder["transitions.csv"];

    [OneTimeSetUp]
    public void Record()
    {
        var random = new RandomSource(1);
        var (rows, transitions) = (new List<string> { "second,heater,target,temperature,cost" }, new List<string> { "x,target,a,reward,next,next target,end" });
        for (var run = 0; run < 10; run++)
        {
            var (temperature, target) = (random.NextUniform(-1, 1), random.NextUniform(-1, 1));
            // The clock restarts with every run.
            for (var second = 0; second < 40; second++)
            {
                var heater = Math.Clamp(target - temperature + (0.4 * random.NextNormal()), -1, 1);
                var next = temperature + (0.3 * heater);
                var cost = Math.Abs(next - target);
                var shown = run == 3 && second == 20 ? "" : Text($"{temperature:R}");
                rows.Add(Text($"{second},{heater:R},{target:R},{shown},{cost:R}"));
                transitions.Add(Text($"{temperature:R},{target:R},{heater:R},{-cost:R},{next:R},{target:R},0"));
                temperature = next;
            }
        }

        File.WriteAllLines(Plant, rows);
        File.WriteAllLines(Transitions, transitions);
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Each_command_prints_the_next_one_for_a_table()
    {
        var described = ToolResult.Of("offline", "describe", Plant);
        Assert.That(described.Output, Does.Contain("--time second --time-restarts --skip-missing"), described.Errors);
        var train = Words(described.Output, "mbpo offline train");
        var trained = ToolResult.Of(
            [.. train, "--past-observations", "1", "--past-actions", "2", "--step", "2", "--tolerance", "0.2", "--algorithm", "bc", "--out", _folder["bc"],
            .. Tiny]);
        Assert.That(trained.Code, Is.Zero, trained.Errors);
        var judge = Words(trained.Output, "mbpo offline judge");
        Assert.That(judge, Is.SupersetOf(new[] { "--set-points", "--skip-missing", "--time-restarts", "0.2", "--past-actions", "--step" }));
        var judged = ToolResult.Of([.. judge, "--updates", "20", "--horizon", "5"]);
        Assert.Multiple(() =>
        {
            Assert.That(judged.Code, Is.Zero, judged.Errors);
            Assert.That(judged.Output, Does.Contain("Fitted Q evaluation").And.Not.Contain("so a model learns"));
            Assert.That(File.Exists(_folder["bc", "verdict", "report.html"]));
        });
    }

    [Test]
    public void The_next_command_has_what_comes_from_outside()
    {
        var trained = ToolResult.Of(
        [
            "offline", "train", Transitions, "--outside", "1", "--observations", "2", "--reward=-a0", "--algorithm", "bc", "--out", _folder["outside"], .. Tiny,
        ]);
        Assert.That(trained.Code, Is.Zero, trained.Errors);
        var judge = Words(trained.Output, "mbpo offline judge");
        Assert.That(string.Join(' ', judge), Does.Contain("--observations 2 --outside 1 --reward=-a0 --out"));
        var judged = ToolResult.Of([.. judge, "--updates", "20", "--horizon", "5"]);
        Assert.That(judged.Code, Is.Zero, judged.Errors);
    }

    [Test]
    public void A_formula_over_columns_is_what_imagined_steps_earn()
    {
        using var scope = NewDisposeScope();
        // Observation: temperature, target, the temperature before.
        var earns = Earns("-Abs(next_temperature - target) - heater / 2");
        var earned = earns!.Evaluate(tensor(new[,] { { 9f, 3, 9 } }), tensor(new[,] { { 4f } }), tensor(new[,] { { 2f, 3, 9 } }));
        Assert.That(earned.item<float>(), Is.EqualTo(-3));
    }

    // The observation is [temperature, target, the temperature before]; the target is a column of set points.
    [Test]
    public void Numbers_from_outside_stand_beside_the_columns_of_set_points()
    {
        var (options, parsed) = Parsed("cost", "--outside", "2", "1");
        Assert.That(options.SetPoints(parsed, options.Read(parsed, new MLContext(1))), Is.EqualTo(new[] { 1, 2 }));
    }

    // All three come from outside by two options, which leaves nothing to learn.
    [Test]
    public void Set_points_of_columns_stand_beside_those_that_are_set()
    {
        string[] all = ["--time-restarts", "--skip-missing", "--past-observations", "1", "--reward", "cost"];
        string[] set = [.. Tiny[..^1], .. Quick, "Options.SetPoints=[0, 2]"];
        ToolResult.Of(["offline", "train", Plant, .. Columns, .. all, .. set, "--algorithm", "mopo", "--out", _folder["never"]])
            .MustFail(ExitCodes.BadArguments, "SetPoints names all 3 numbers");
    }

    [Test]
    public void A_column_is_learned() => Assert.That(Earns("cost"), Is.Null);

    // No model of a clone earns anything, so that nothing is to be said where one is trained.
    [TestCase("cost", "mopo", true)]
    [TestCase("cost", "bc", false)]
    [TestCase("-next_temperature**2", "mopo", false)]
    public void The_user_is_told_of_a_reward_that_has_to_be_learned(string reward, string algorithm, bool isTold)
    {
        var trained = ToolResult.Of(
        [
            "offline", "train", Plant, .. Columns, "--time-restarts", "--skip-missing", "--reward", reward, "--algorithm", algorithm, "--out",
            _folder[$"told-{algorithm}-{isTold}"], .. Tiny[..^1], .. algorithm == "mopo" ? Quick : [],
        ]);
        Assert.That(trained.Code, Is.Zero, trained.Errors);
        Assert.That(
            trained.Output.Contains("The reward is the column 'cost', so a model learns what imagined steps earn.", StringComparison.Ordinal),
            Is.EqualTo(isTold));
    }

    [TestCase("names 'cost'", "0 - cost")]
    [TestCase("names 'second'", "-next_temperature - second")]
    public void A_formula_over_other_columns_is_refused(string message, string reward) => ToolResult.Of(
        ["offline", "train", Plant, .. Columns, "--time-restarts", "--skip-missing", "--reward", reward, "--out", _folder["never"]])
        .MustFail(ExitCodes.BadArguments, message);

    [TestCase("TimeRestarts", "--skip-missing")]
    [TestCase("Tolerance", "--skip-missing", "--time-restarts", "--tolerance", "0.7")]
    [TestCase("--tolerance is 'much'", "--tolerance", "much")]
    public void Times_that_cannot_be_are_refused(string message, params string[] more) => ToolResult.Of(
        ["offline", "train", Plant, .. Columns, "--reward", "cost", "--out", _folder["never"], .. more]).MustFail(ExitCodes.BadArguments, message);

    private IRewardFunction? Earns(string reward)
    {
        var (options, parsed) = Parsed(reward);
        return options.Functions(parsed, options.Read(parsed, new MLContext(1))).Earns;
    }

    private (LogOptions Options, ParseResult Parsed) Parsed(string reward, params string[] more)
    {
        var options = new LogOptions();
        var command = new Command("any");
        options.AddTo(command);
        return (options, command.Parse([Plant, .. Columns, "--time-restarts", "--skip-missing", "--past-observations", "1", "--reward", reward, .. more]));
    }

    // The words of a printed command behind the name of the tool, as a shell parts them.
    private static string[] Words(string output, string command)
    {
        var line = output.Split('\n').Single(line => line.Contains(command, StringComparison.Ordinal));
        return [.. Word().Matches(line[line.IndexOf(command, StringComparison.Ordinal)..].Trim()).Skip(1).Select(word => word.Value.Trim('\'', '"'))];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("""'[^']*'|"[^"]*"|\S+""")]
    private static partial Regex Word();
}
