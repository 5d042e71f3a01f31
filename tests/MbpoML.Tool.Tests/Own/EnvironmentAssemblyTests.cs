using MbpoML.Experiments.Tasks;
using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Own;

/// <summary>Environments that are found in an assembly of one's own.</summary>
public class EnvironmentAssemblyTests
{
    private static readonly string[] Quick =
    [
        "--steps", "100", "--workers", "1", "--set", "Trainer.InitialExplorationSteps=50", "Trainer.EpochLength=50", "Trainer.ModelTrainingInterval=50",
        "Trainer.UpdatesPerStep=1", "Trainer.MaxEpisodeSteps=25",
        "Dynamics.MaxOptimizerSteps=20", "Dynamics.HiddenSizes=[16]", "Rollouts.BatchSize=50", "Policy.HiddenSizes=[16]",
    ];

    [Test]
    public void An_environment_of_an_assembly_is_trained_and_found_again()
    {
        using var folder = new TemporaryFolder();
        var trained = ToolResult.Of(
            ["train", "--environment", $"{Path.GetRelativePath(".", SmallRun.Assembly)}#Own.RailEnvironment", "--out", folder["run"], .. Quick]);
        Assert.That(trained.Code, Is.Zero, trained.Errors);
        Assert.Multiple(() =>
        {
            Assert.That(trained.Output, Does.StartWith("MBPO on Rail, seed 1: "));
            Assert.That(File.ReadAllText(folder["run", "options.json"]), Does.Contain($"{SmallRun.Assembly}#MbpoML.Tool.Tests.Own.RailEnvironment"));
            Assert.That(ToolResult.Of("evaluate", folder["run"], "--episodes", "1").Output, Does.Match("run +Rail +100"));
            Assert.That(ToolResult.Of("diagnose", "fan", folder["run"], "--steps", "5", "--samples", "2", "--out", folder["fan.png"]).Code, Is.Zero);
            Assert.That(ToolResult.Of("resume", folder["run"], "--steps", "150").Code, Is.Zero);
            Assert.That(ToolResult.Of("report", folder["run"]).Output, Does.Contain("Rail").And.Contain("MBPO ("));
        });
    }

    [Test]
    public void Several_seeds_find_it_in_processes_of_their_own()
    {
        using var folder = new TemporaryFolder();
        var trained = ToolResult.Of(["train", "--environment", $"{SmallRun.Assembly}#RailEnvironment", "--seeds", "1,2", "--out", folder.FullName, .. Quick]);
        Assert.That(trained.Code, Is.Zero, trained.Errors);
        Assert.That(ToolResult.Metrics(folder["seed-1"]), Is.Not.EqualTo(ToolResult.Metrics(folder["seed-2"])));
    }

    [Test]
    public void A_preset_of_its_own_is_taken_with_what_only_its_code_can_give()
    {
        using var folder = new TemporaryFolder();
        var trained = ToolResult.Of("train", "--environment", $"{SmallRun.Assembly}#PresetRailEnvironment", "--out", folder["run"], "--workers", "1");
        Assert.That(trained.Code, Is.Zero, trained.Errors);
        Assert.That(ToolResult.Of("resume", folder["run"], "--steps", "250", "--workers", "1").Code, Is.Zero);
        Assert.That(ToolResult.Of("report", folder["run"]).Output, Does.Contain("| steps | MBPO |"), "nothing differs from its preset");
    }

    [Test]
    public void The_only_environment_of_an_assembly_needs_no_name()
    {
        var sample = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "samples", "CustomEnvironment", "bin",
            TestContext.CurrentContext.TestDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug", "net10.0", "CustomEnvironment.dll");
        Assert.That(TaskCatalog.Load(sample).Environment, Does.EndWith("#CustomEnvironment.HeatedRoomEnvironment"));
        using var environment = TaskCatalog.Load($"{sample}#heatedroomenvironment").Create();
        Assert.That(environment.ObservationSpace.Size, Is.EqualTo(3), "the interfaces are those of this process");
    }

    [TestCase("nowhere.dll#X", "There is no assembly 'nowhere.dll'")]
    [TestCase("#X", "must name an assembly and a type")]
    [TestCase("{text}#X", "cannot be loaded as an assembly")]
    [TestCase("{own}#RailEnvironmnt", "There is no type 'RailEnvironmnt' in")]
    [TestCase("{own}#RailEnvironmnt", "Did you mean MbpoML.Tool.Tests.Own.RailEnvironment?")]
    [TestCase("{own}#SmallRun", "is no environment: it does not implement IEnvironment. Environments there: ")]
    [TestCase("{own}#UnmakeableEnvironment", "has no public constructor without arguments")]
    [TestCase("{own}#ThrowingEnvironment", "failed. InvalidOperationException: No simulator answers at [::1]:5000.", ExitCodes.Failed)]
    [TestCase("{own}", "There are several environments in")]
    [TestCase("{own}#Twice", "Several types of")]
    [TestCase("{tool}", "There is no environment in")]
    public void What_cannot_be_made_is_said(string reference, string expected, int code = ExitCodes.BadArguments)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["text.dll"], "no assembly");
        var environment = reference.Replace("{own}", SmallRun.Assembly, StringComparison.Ordinal)
            .Replace("{text}", folder["text.dll"], StringComparison.Ordinal)
            .Replace("{tool}", typeof(NUnit.Framework.Assert).Assembly.Location, StringComparison.Ordinal);
        ToolResult.Of("train", "--environment", environment, "--out", folder["run"]).MustFail(code, expected);
        Assert.That(Directory.Exists(folder["run"]), Is.False);
    }

    [Test]
    public void A_task_and_an_environment_are_one_too_many() =>
        ToolResult.Of("train", "Pendulum", "--environment", $"{SmallRun.Assembly}#RailEnvironment").MustFail(ExitCodes.BadArguments, "not both");

    internal static class First
    {
        internal sealed class Twice : RailEnvironment;
    }

    internal static class Second
    {
        internal sealed class Twice : RailEnvironment;
    }
}
