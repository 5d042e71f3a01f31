using System.CommandLine;
using System.Globalization;

namespace MbpoML.Tool.Commands;

/// <summary>The options that <c>train</c> and <c>resume</c> have in common.</summary>
internal sealed class RunOptionSet
{
    public const int MostWorkers = 2;

    private const double FewestMinutes = 0.001;
    // A year: more is a slip, and far more is beyond what a time can say.
    private const double MostMinutes = 525_600;

    public Option<int?> Steps { get; } = new("--steps") { Description = "Real environment steps in all, random exploration included. Default: the preset's." };

    public Option<string?> Device { get; } = new("--device") { Description = "Where to train: cpu, cuda or cuda:1. Default: cpu." };

    public Option<int?> Workers { get; } = new("--workers")
    {
        Description = "Threads of a run on the CPU, 1 or 2; they change its speed, not its results. Default: 2 where a run has two cores for itself.",
    };

    public Option<double?> CheckpointMinutes { get; } = RealOption.Create("--checkpoint-minutes", "Minutes between two checkpoints. Default: 10.");

    public Option<int?> Parallel { get; } = new("--parallel") { Description = "Runs side by side. Default: as many as the cores allow." };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Sets any option of docs/options.md, as in Policy.LearningRate=3e-4 or Trainer.UpdatesPerStep=10; may be repeated.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    public IEnumerable<Option> All => [Steps, Device, Workers, CheckpointMinutes, Parallel, Set];

    /// <summary>Changes a run's options as the command line says.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">The options of one run.</param>
    /// <param name="set">Sets one option by an assignment.</param>
    public void Apply(ParseResult parsed, RunOptions options, Action<string> set)
    {
        if (parsed.GetValue(Steps) is { } steps) options.Settings.TrainerOptions.Steps = steps;
        if (parsed.GetValue(Device) is { } device) options.Settings.TrainerOptions.Device = device;
        if (parsed.GetValue(CheckpointMinutes) is { } minutes) options.Settings.TrainerOptions.Checkpoints!.Every = TimeSpan.FromMinutes(Checked(minutes));
        foreach (var assignment in parsed.GetValue(Set)!) set(assignment);
    }

    // NaN is neither.
    private static double Checked(double minutes) => minutes is >= FewestMinutes and <= MostMinutes
        ? minutes
        : throw new UsageException(
            string.Create(CultureInfo.InvariantCulture, $"--checkpoint-minutes is {minutes}, but must be a number from {FewestMinutes} to {MostMinutes}."));

    /// <summary>How many of some runs go side by side, and with how many threads each.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="runs">All runs of the command.</param>
    /// <param name="cores">The cores of the machine.</param>
    public (int Parallel, int Workers) Share(ParseResult parsed, int runs, int cores)
    {
        if (parsed.GetValue(Parallel) is { } given and < 1) throw new UsageException(Invariant($"--parallel is {given}, but must be at least 1."));
        var workers = parsed.GetValue(Workers) ?? Math.Clamp(cores / Math.Min(runs, parsed.GetValue(Parallel) ?? runs), 1, MostWorkers);
        if (workers is < 1 or > MostWorkers) throw new UsageException(Invariant($"--workers is {workers}, but must be 1 or 2."));
        return (parsed.GetValue(Parallel) ?? Math.Max(1, cores / workers), workers);
    }

    /// <summary>Gives a run its threads.</summary>
    public static void UseWorkers(RunOptions options, int workers) => options.Settings.UseWorkers(workers);
}
