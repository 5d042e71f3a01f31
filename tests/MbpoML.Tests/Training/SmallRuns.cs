using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Policies;
using MbpoML.Tests.Fakes;

namespace MbpoML.Tests.Training;

/// <summary>MBPO so small that a run of some hundred steps takes a second.</summary>
internal static class SmallRuns
{
    public static MbpoPreset Preset(int steps) => new()
    {
        Trainer = new MbpoTrainer.Options
        {
            Steps = steps,
            EpochLength = 100,
            InitialExplorationSteps = 50,
            ModelTrainingInterval = 50,
            UpdatesPerStep = 4,
            EvaluationEpisodes = 0,
            BatchSize = 64,
            Threads = 1,
        },
        Dynamics = { HiddenSizes = [32, 32], MaxOptimizerSteps = 200 },
        Rollouts = { BatchSize = 500, Schedule = RolloutSchedule.Constant(2) },
        Policy = { HiddenSizes = [32, 32], LearningRate = 1e-3 },
    };

    /// <summary>The line task, learned; the actions at 21 observations say which policy it is.</summary>
    public static float[] Train(ReinforcementCatalog rl, MbpoPreset preset, IEnvironment? environment = null)
    {
        using var line = new LineEnvironment();
        using var policy = rl.Mbpo(environment ?? line, preset).Fit();
        return Actions(policy);
    }

    public static float[] Actions(PolicyTransformer policy) => [.. Enumerable.Range(-10, 21).Select(index => policy.Act([index / 10f])[0])];
}
