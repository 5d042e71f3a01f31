using MbpoML.Environments;
using Microsoft.ML;

namespace MbpoML.Tests.Training;

/// <summary>Training episodes may be cut sooner than those of evaluations.</summary>
public class TrainingEpisodeTests
{
    [TestCase(null, 12)]
    [TestCase(5, 5)]
    [TestCase(40, 12)]
    public void Training_episodes_are_cut_where_they_say_and_evaluations_stay_as_long(int? steps, int cut)
    {
        var (training, evaluation) = (new Endless(), new Endless());
        var preset = SmallRuns.Preset(steps: 60);
        (preset.Trainer.EpochLength, preset.Trainer.EvaluationEpisodes, preset.Trainer.EvaluationEnvironment) = (30, 2, evaluation);
        (preset.Trainer.MaxEpisodeSteps, preset.Trainer.TrainingEpisodeSteps, preset.Trainer.ModelReturnRollouts) = (12, steps, 0);
        using var policy = new MLContext(seed: 1).Reinforcement().Mbpo(training, preset).Fit();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(training.Lengths, Is.EqualTo(Enumerable.Repeat(cut, 60 / cut)));
            Assert.That(evaluation.Lengths, Is.EqualTo(Enumerable.Repeat(12, 2)));
        }
    }

    [Test]
    public void One_of_so_many_training_episodes_is_whole()
    {
        var training = new Endless();
        var preset = SmallRuns.Preset(steps: 60);
        (preset.Trainer.MaxEpisodeSteps, preset.Trainer.TrainingEpisodeSteps, preset.Trainer.WholeEpisodeInterval) = (12, 5, 3);
        (preset.Trainer.EvaluationEnvironment, preset.Trainer.ModelReturnRollouts) = (new Endless(), 0);
        using var policy = new MLContext(seed: 1).Reinforcement().Mbpo(training, preset).Fit();
        Assert.That(training.Lengths, Is.EqualTo((int[])[5, 5, 12, 5, 5, 12, 5, 5, 6]));
    }

    // Never ends; knows how long the episodes were that were cut.
    private sealed class Endless : IEnvironment
    {
        private readonly List<int> _lengths = [];
        private int _steps;

        public IReadOnlyList<int> Lengths => _steps > 0 ? [.. _lengths, _steps] : _lengths;

        public BoxSpace ObservationSpace { get; } = BoxSpace.Uniform(1, -9, 9);

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -1, 1);

        public void Reset(int seed, Span<double> observation)
        {
            if (_steps > 0) _lengths.Add(_steps);
            (_steps, observation[0]) = (0, 0);
        }

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            _steps++;
            observation[0] = Math.Sin(_steps) + action[0];
            return new StepResult(-observation[0] * observation[0], false);
        }
    }
}
