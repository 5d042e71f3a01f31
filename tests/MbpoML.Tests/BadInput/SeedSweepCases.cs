using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.Mbpo.Sweeps;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Sweeps over seeds that are none, and options that make nothing usable for a seed: the seed's result then holds the exception.</summary>
internal static class SeedSweepCases
{
    private const string Make = "ReinforcementCatalog.MbpoSeeds(Func<int, IEnvironment>, SeedSweep.Options)";
    private const string Train = "SeedSweep.Train(IReadOnlyList<int>)";

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>(Make, "no environment", () => Samples.Rl.MbpoSeeds(null!), "environment"),
        Bad<ArgumentNullException>(Train, "no seeds", () => Sweep(new()).Train(null!), "seeds"),
        Bad<ArgumentException>(Train, "empty", () => Sweep(new()).Train([]), "seeds", "[]"),
        Bad<ArgumentException>(Train, "one seed twice", () => Sweep(new()).Train([1, 2, 1]), "[1, 2, 1]"),
        Bad<ArgumentOutOfRangeException>("SeedSweep.Options.Parallel", "0", () => Sweep(new() { Parallel = 0 }), "Parallel", "Actual value was 0"),
        Bad<ArgumentNullException>(
            "SeedSweep.Options.Preset", "one without a part", () => TrainOne(new() { Preset = _ => new MbpoPreset { Dynamics = null! } }), "Dynamics"),
        Bad<ArgumentOutOfRangeException>("SeedSweep.Options.Preset", "one out of range",
            () => TrainOne(new() { Preset = _ => new MbpoPreset { Trainer = { Steps = 0 } } }), "Steps", "Actual value was 0"),
        Bad<InvalidOperationException>(
            "SeedSweep.Options.MetricsWriters", "a writer that is null", () => TrainOne(new() { MetricsWriters = _ => [null!] }), "seed 1 is null"),
        Bad<InvalidOperationException>(
            "SeedSweep.Options.Checkpoints", "none for a seed", () => Sweep(new() { Checkpoints = _ => null! }).Train([4]), "null for seed 4"),
        Bad<ArgumentException>("SeedSweep.Options.Checkpoints", "no folder", () => Sweep(new() { Checkpoints = _ => new() }).Train([4]), "Folder"),
        Bad<ArgumentException>("SeedSweep.Options.Checkpoints", "one folder for two seeds",
            () => Sweep(new() { Checkpoints = _ => new() { Folder = "runs/a" } }).Train([4, 5]), "4, 5", "runs/a"),
        Bad<OperationCanceledException>(
            "SeedSweep.Options.CancellationToken", "cancelled before", () => TrainOne(new() { CancellationToken = new CancellationToken(canceled: true) })),
    ];

    private static SeedSweep Sweep(SeedSweep.Options options) => Samples.Rl.MbpoSeeds(_ => Samples.Environment(), options);

    private static void TrainOne(SeedSweep.Options options)
    {
        var run = Sweep(options).Train([1])[0];
        Assert.That(run.Succeeded, Is.False);
        throw run.Exception!;
    }
}
