using MbpoML.Tests;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Tests.Commands;

/// <summary>A run of double-horizon MBPO is trained, resumed, evaluated, diagnosed, plotted and reported as those of MBPO are.</summary>
[Category("Text")]
public class DoubleHorizonTests
{
    private static readonly string[] Small =
    [
        "--set", "Trainer.InitialExplorationSteps=60", "Trainer.EpochLength=50", "Trainer.ModelTrainingInterval=50", "Trainer.CriticUpdatesPerFit=2",
        "Trainer.FirstUpdates=2", "Trainer.EvaluationEpisodes=1", "Dynamics.FirstOptimizerSteps=10", "Dynamics.OptimizerSteps=5",
        "Dynamics.HiddenSizes=[16, 16]",
        "Dynamics.MemberCount=3", "Rollouts.BatchSize=32", "Rollouts.Length=5", "Policy.ActorHiddenSizes=[16]", "Policy.CriticHiddenSizes=[16]",
        "Policy.BatchSize=16",
    ];

    [Test]
    public void Every_command_takes_it()
    {
        using var folder = new TemporaryFolder();
        var run = folder["run"];
        Succeeds(["train", "Pendulum", "--algorithm", "dhmbpo", "--steps", "160", "--workers", "1", "--out", run, .. Small]);
        var options = RunOptions.Read(Path.Combine(run, "options.json"), TaskList.Catalog);
        Assert.That((options.Algorithm.Name, options.Algorithm.Label), Is.EqualTo(("dhmbpo", "DHMBPO")));
        Succeeds("resume", run, "--steps", "220", "--workers", "1");
        Assert.That(Succeeds("evaluate", run, "--episodes", "2"), Does.Contain("220"));
        Assert.That(Succeeds("report", run), Does.Contain("DHMBPO"));
        Succeeds("plot", run, "--out", folder["curve.png"]);
        Succeeds("diagnose", "fan", run, "--steps", "20", "--samples", "10", "--out", folder["fan.png"]);
        Succeeds("diagnose", "horizon", run, "--horizon", "5", "--starts", "5", "--samples", "4", "--out", folder["growth.png"]);
    }

    private static string Succeeds(params string[] arguments)
    {
        var result = ToolResult.Of(arguments);
        Assert.That(result.Code, Is.Zero, $"{string.Join(' ', arguments)}: {result.Errors}{result.Output}");
        return result.Output;
    }
}
