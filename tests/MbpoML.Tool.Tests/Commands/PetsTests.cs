using MbpoML.Tests;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Tests.Commands;

/// <summary>A run of PETS is trained, resumed, evaluated, diagnosed, plotted and reported as those of MBPO are, although no policy is learned.</summary>
[Category("Text")]
public class PetsTests
{
    private static readonly string[] Small =
    [
        "--set", "Trainer.InitialExplorationSteps=200", "Trainer.EpochLength=200", "Dynamics.MaxEpochs=2", "Dynamics.HiddenSizes=[16, 16]",
        "Planner.Horizon=5", "Planner.Particles=5", "ImprovedCrossEntropy.Candidates=10", "ImprovedCrossEntropy.Elites=4",
        "ImprovedCrossEntropy.Iterations=2",
    ];

    [Test]
    public void Every_command_takes_it()
    {
        using var folder = new TemporaryFolder();
        var run = folder["run"];
        Succeeds(["train", "Pendulum", "--algorithm", "pets", "--steps", "420", "--workers", "1", "--out", run, .. Small]);
        var options = RunOptions.Read(Path.Combine(run, "options.json"), TaskList.Catalog);
        Assert.That((options.Algorithm.Name, options.Algorithm.Label), Is.EqualTo(("pets", "PETS")));
        Assert.That(File.ReadAllText(Path.Combine(run, "metrics.jsonl")), Does.Contain("evaluation/return-mean"), "planned episodes are evaluations");
        Succeeds("resume", run, "--steps", "610", "--workers", "1");
        Assert.That(Succeeds("evaluate", run, "--episodes", "1"), Does.Contain("610"));
        Assert.That(Succeeds("report", run), Does.Contain("PETS"));
        Succeeds("plot", run, "--out", folder["curve.png"]);
        Succeeds("diagnose", "fan", run, "--steps", "5", "--samples", "4", "--out", folder["fan.png"]);
        Succeeds("diagnose", "horizon", run, "--horizon", "3", "--starts", "3", "--samples", "2", "--out", folder["growth.png"]);
    }

    private static string Succeeds(params string[] arguments)
    {
        var result = ToolResult.Of(arguments);
        Assert.That(result.Code, Is.Zero, $"{string.Join(' ', arguments)}: {result.Errors}{result.Output}");
        return result.Output;
    }
}
