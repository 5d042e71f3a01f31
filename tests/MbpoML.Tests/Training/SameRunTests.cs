using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Benchmarks.Golden;
using MbpoML.Training;

namespace MbpoML.Tests.Training;

/// <summary>
/// Runs that must be the same are the same in everything: policy, metrics, both pools and model. The benchmark "golden" compares more of them across changes of
/// the code.
/// </summary>
public class SameRunTests
{
    private static readonly GoldenCase Pendulum = new("pendulum", tasks => tasks.Pendulum(), () => Short(MbpoPresets.Pendulum()));

    private static readonly Lazy<IReadOnlyDictionary<string, string>> Once = new(() => GoldenRun.Of(Pendulum));

    private static IEnumerable<GoldenCase> Same =>
    [
        Pendulum with { Name = "again" },
        (Pendulum with { Name = "" }).With("two workers", preset => (preset.Policy.Workers, preset.Dynamics.Workers) = (2, 2)),
        Pendulum with { Name = "stopped in a step and resumed", StopAt = 233 },
        Pendulum with { Name = "stopped in the exploration and resumed", StopAt = 77 },
    ];

    private static IEnumerable<GoldenCase> Different =>
    [
        (Pendulum with { Name = "" }).With("the environment beside", preset => preset.Trainer.Overlap = OverlappedStages.Environment),
        Pendulum with { Name = "logged", LoggedSteps = 20 },
    ];

    [TestCaseSource(nameof(Same))]
    public void A_run_repeats_itself(object other) => Assert.That(GoldenRun.Of((GoldenCase)other), Is.EquivalentTo(Once.Value));

    // Else the hashes would say nothing.
    [TestCaseSource(nameof(Different))]
    public void Another_run_differs_in_everything_that_is_learned(object other)
    {
        var hashes = GoldenRun.Of((GoldenCase)other);
        foreach (var kind in new[] { "policy", "metrics", "real", "imagined", "model" }) Assert.That(hashes[kind], Is.Not.EqualTo(Once.Value[kind]), kind);
    }

    private static MbpoPreset Short(MbpoPreset preset)
    {
        (preset.Trainer.Steps, preset.Trainer.InitialExplorationSteps, preset.Trainer.ModelTrainingInterval, preset.Trainer.EpochLength) = (300, 120, 60, 90);
        (preset.Trainer.UpdatesPerStep, preset.Trainer.EvaluationEpisodes, preset.Rollouts.BatchSize) = (2, 1, 300);
        (preset.Dynamics.MaxOptimizerSteps, preset.Dynamics.HiddenSizes) = (30, [24, 24]);
        return preset;
    }
}
