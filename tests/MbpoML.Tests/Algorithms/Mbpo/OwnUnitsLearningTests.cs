using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Tests.Fakes;
using Microsoft.ML;

namespace MbpoML.Tests.Algorithms.Mbpo;

/// <summary>The preset that is chosen for a task of one's own learns it in the units that it has.</summary>
public class OwnUnitsLearningTests
{
    // The line task's: going to zero and staying there earns above 17 of 20, doing nothing about 10.
    private const double Learned = 16.5;

    [Test]
    public void A_task_in_pascal_with_rewards_of_thousands_and_lopsided_actions_is_learned()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = new PressureEnvironment();
        var preset = MbpoPresets.Choose(environment);
        // The same settings for a shorter run.
        (preset.Trainer.Steps, preset.Trainer.InitialExplorationSteps, preset.Trainer.ModelTrainingInterval, preset.Trainer.UpdatesPerStep) =
            (600, 150, 150, 8);
        (preset.Trainer.EvaluationEpisodes, preset.Trainer.Threads, preset.Rollouts.BatchSize) = (0, 1, 2000);
        using var policy = rl.Mbpo(environment, preset).Fit();
        Assert.That(rl.Evaluate(policy, environment, episodes: 20).MeanReturn / PressureEnvironment.RewardUnit, Is.GreaterThan(Learned));
    }

    /// <summary>The line task as a vessel: pressure around a bar, a valve from 0 to 3, rewards of ten thousands.</summary>
    private sealed class PressureEnvironment : IEnvironment
    {
        public const double RewardUnit = 1e4;
        private const double Bar = 1e5;
        private const double Pressure = 2e4;
        private readonly LineEnvironment _line = new();

        public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(1);

        public BoxSpace ActionSpace { get; } = new([0], [3]);

        public int? MaxEpisodeSteps => LineEnvironment.EpisodeLength;

        public ITerminationFunction? Termination { get; } = TerminationFunction.FromRow((_, _, next) => Math.Abs(next[0] - Bar) > 2 * Pressure);

        public void Reset(int seed, Span<double> observation)
        {
            _line.Reset(seed, observation);
            observation[0] = Bar + (Pressure * observation[0]);
        }

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            var result = _line.Step([(action[0] - 1.5) / 0.75], observation);
            observation[0] = Bar + (Pressure * observation[0]);
            return result with { Reward = RewardUnit * result.Reward };
        }

        public void Dispose() => _line.Dispose();
    }
}
