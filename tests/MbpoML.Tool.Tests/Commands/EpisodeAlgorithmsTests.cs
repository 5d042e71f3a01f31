using MbpoML.Tests;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Tests.Commands;

/// <summary>Runs of ME-TRPO and PPO are trained, resumed, evaluated, plotted and reported as those of MBPO are.</summary>
[Category("Text")]
public class EpisodeAlgorithmsTests
{
    [Test]
    public void Every_command_takes_ME_TRPO()
    {
        using var folder = new TemporaryFolder();
        var run = folder["run"];
        Succeeds(
            "train", "Pendulum", "--algorithm", "metrpo", "--steps", "420", "--workers", "1", "--out", run, "--set", "Trainer.InitialExplorationSteps=200",
            "Trainer.EpochLength=100", "Trainer.StepsPerIteration=100", "Trainer.MaxPolicyIterations=4", "Trainer.ValidationInterval=2",
            "Trainer.ValidationPatience=4", "Trainer.ValidationEpisodes=3", "Dynamics.MaxEpochs=2", "Dynamics.HiddenSizes=[16, 16]",
            "Policy.EpisodesPerUpdate=5", "Policy.EpisodeSteps=10", "Rollouts.StartCount=10");
        var options = RunOptions.Read(Path.Combine(run, "options.json"), TaskList.Catalog);
        Assert.That((options.Algorithm.Name, options.Algorithm.Label), Is.EqualTo(("metrpo", "ME-TRPO")));
        Assert.That(File.ReadAllText(Path.Combine(run, "metrics.jsonl")), Does.Contain("policy/validation-share"));
        Succeeds("resume", run, "--steps", "610", "--workers", "1");
        Assert.That(Succeeds("evaluate", run, "--episodes", "1"), Does.Contain("610"));
        Assert.That(Succeeds("report", run), Does.Contain("ME-TRPO"));
        Succeeds("plot", run, "--out", folder["curve.png"]);
        Succeeds("diagnose", "fan", run, "--steps", "5", "--samples", "4", "--out", folder["fan.png"]);
    }

    [Test]
    public void Every_command_that_needs_no_model_takes_PPO()
    {
        using var folder = new TemporaryFolder();
        var run = folder["run"];
        Succeeds(
            "train", "Pendulum", "--algorithm", "ppo", "--steps", "420", "--workers", "1", "--out", run, "--set", "Trainer.EpochLength=100",
            "Trainer.StepsPerUpdate=100", "Policy.Epochs=2");
        var options = RunOptions.Read(Path.Combine(run, "options.json"), TaskList.Catalog);
        Assert.That((options.Algorithm.Name, options.Algorithm.Label), Is.EqualTo(("ppo", "PPO")));
        Succeeds("resume", run, "--steps", "610", "--workers", "1");
        Assert.That(Succeeds("evaluate", run, "--episodes", "1"), Does.Contain("610"));
        Assert.That(Succeeds("report", run), Does.Contain("PPO"));
        Succeeds("plot", run, "--out", folder["curve.png"]);
        var fan = ToolResult.Of(["diagnose", "fan", run, "--out", folder["fan.png"]]);
        Assert.That(fan.Code, Is.Not.Zero);
        Assert.That(fan.Errors + fan.Output, Does.Contain("model"), "there is none to be diagnosed");
    }

    private static string Succeeds(params string[] arguments)
    {
        var result = ToolResult.Of(arguments);
        Assert.That(result.Code, Is.Zero, $"{string.Join(' ', arguments)}: {result.Errors}{result.Output}");
        return result.Output;
    }
}
