using MbpoML.Tests;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Tests.Commands;

/// <summary>A run of PlaNet is trained, resumed, evaluated, plotted and reported as those of MBPO are, and what it imagines is filmed.</summary>
[Category("Text")]
public class PlaNetTests
{
    private static readonly string[] Small =
    [
        "--set", "Trainer.SeedEpisodes=1", "Trainer.UpdatesPerFit=2", "Dynamics.DeterministicSize=4", "Dynamics.StochasticSize=2", "Dynamics.HiddenSize=4",
        "Dynamics.FirstFilters=1", "Dynamics.RewardHiddenSizes=[4]", "Dynamics.BatchSize=2", "Dynamics.ChunkLength=4", "Planner.Horizon=2",
        "CrossEntropy.Candidates=4", "CrossEntropy.Elites=2", "CrossEntropy.Iterations=2",
    ];

    [Test]
    public void Every_command_takes_it()
    {
        using var folder = new TemporaryFolder();
        var run = folder["run"];
        Succeeds(["train", "PixelLine", "--algorithm", "planet", "--steps", "90", "--workers", "1", "--out", run, .. Small]);
        var options = RunOptions.Read(Path.Combine(run, "options.json"), TaskList.Catalog);
        Assert.That((options.Algorithm.Name, options.Algorithm.Label), Is.EqualTo(("planet", "PlaNet")));
        Assert.That(File.ReadAllText(Path.Combine(run, "metrics.jsonl")), Does.Contain("model/divergence").And.Contains("evaluation/return-mean"));
        Succeeds("resume", run, "--steps", "120", "--workers", "1");
        Assert.That(Succeeds("evaluate", run, "--episodes", "1"), Does.Contain("120"));
        Assert.That(Succeeds("report", run), Does.Contain("PlaNet"));
        Succeeds("plot", run, "--out", folder["curve.png"]);
        Assert.That(Succeeds("diagnose", "imagine", run, "--steps", "8", "--seen", "3", "--out", folder["imagined.gif"]), Does.Contain("9 frames"));
        Assert.That(new FileInfo(folder["imagined.gif"]).Length, Is.GreaterThan(1000));
        Succeeds("diagnose", "imagine", run, "--steps", "2", "--seen", "1", "--out", folder["imagined.png"]);
        Assert.That(File.Exists(folder["imagined-0002.png"]));
    }

    [Test]
    public void A_task_that_is_not_seen_as_pictures_is_refused_with_a_way_out()
    {
        using var folder = new TemporaryFolder();
        var result = ToolResult.Of(["train", "Pendulum", "--algorithm", "planet", "--steps", "900", "--out", folder["run"]]);
        Assert.That(result.Code, Is.Not.Zero);
        Assert.That(result.Errors, Does.Contain("pictures").And.Not.Contain("in a way it should not"));
    }

    [Test]
    public void What_cannot_be_filmed_is_refused()
    {
        using var folder = new TemporaryFolder();
        var run = folder["run"];
        Succeeds(["train", "PixelLine", "--algorithm", "planet", "--steps", "31", "--workers", "1", "--out", run, .. Small]);
        foreach (var (option, value) in new[] { ("--seen", "0"), ("--steps", "2"), ("--fps", "0"), ("--out", "film.avi") })
        {
            var result = ToolResult.Of(["diagnose", "imagine", run, option, value]);
            Assert.That(result.Code, Is.EqualTo(ExitCodes.BadArguments), result.Errors);
            Assert.That(result.Errors, Does.Contain(option.TrimStart('-')));
        }
    }

    private static string Succeeds(params string[] arguments)
    {
        var result = ToolResult.Of(arguments);
        Assert.That(result.Code, Is.Zero, $"{string.Join(' ', arguments)}: {result.Errors}{result.Output}");
        return result.Output;
    }
}
