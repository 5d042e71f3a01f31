namespace MbpoML.Tool.Tests;

/// <summary>What a command gave back and wrote.</summary>
internal sealed record ToolResult(int Code, string Output, string Errors)
{
    // A run of three seconds: 300 steps with networks that learn nothing worth having.
    private static readonly string[] Tiny =
    [
        "--steps", "300", "--workers", "1", "--set", "Trainer.InitialExplorationSteps=100", "Trainer.EpochLength=100", "Trainer.ModelTrainingInterval=50",
        "Trainer.UpdatesPerStep=2",
        "Trainer.EvaluationEpisodes=1", "Dynamics.MaxOptimizerSteps=20", "Dynamics.HiddenSizes=[16, 16]", "Rollouts.BatchSize=200",
        "Policy.HiddenSizes=[16, 16]",
    ];

    /// <summary>Runs a command through the whole command line, in this process.</summary>
    public static ToolResult Of(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = CommandLine.Run(arguments, new ToolConsole(output, errors, IsLive: false));
        return new ToolResult(code, output.ToString(), errors.ToString());
    }

    /// <summary>The arguments of a tiny run of the pendulum, more of them at the end.</summary>
    public static string[] TinyPendulum(string folder, params string[] more) => ["train", "Pendulum", "--out", folder, .. Tiny, .. more];

    /// <summary>Trains a tiny run, which must succeed.</summary>
    public static ToolResult Train(string folder, params string[] more)
    {
        var result = Of(TinyPendulum(folder, more));
        Assert.That(result.Code, Is.Zero, result.Errors);
        return result;
    }

    /// <summary>The command must have ended so.</summary>
    public void MustFail(int code, string message) => Assert.Multiple(() =>
    {
        Assert.That(Code, Is.EqualTo(code));
        Assert.That(Errors, Does.Contain(message));
    });

    /// <summary>The lines of a run's metrics, without what differs between two equal runs: times.</summary>
    public static string[] Metrics(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Select(line => System.Text.RegularExpressions.Regex.Replace(line, "\"time[^,}]*", ""))];
}
