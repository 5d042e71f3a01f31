using MbpoML.Catalog;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using Microsoft.ML.Data;

namespace MbpoML.Tests.Data;

/// <summary>Transitions of observation 3, action 2 made up from a seed, as objects and as an ML.NET user would declare them.</summary>
internal static class SampleData
{
    public static List<Transition> Transitions(int count, int seed = 1, int rowsInEpisode = 10)
    {
        var random = new RandomSource(seed);
        float[] Vector(int size) => [.. Enumerable.Range(0, size).Select(_ => (float)random.NextNormal())];
        return [.. Enumerable.Range(0, count).Select(row => new Transition
        {
            Observation = Vector(3),
            Action = Vector(2),
            Reward = (float)random.NextNormal(),
            NextObservation = Vector(3),
            Terminated = random.NextDouble() < 0.1,
            Truncated = row % rowsInEpisode == rowsInEpisode - 1,
            EpisodeId = row / rowsInEpisode,
        })];
    }

    public static float[] Row(Transition transition) =>
        [.. transition.Observation, .. transition.Action, transition.Reward, .. transition.NextObservation, transition.Terminated
            ? 1 : 0, transition.Truncated ? 1 : 0];

    public static DataCatalog Catalog(int seed = 1) => new(new ComponentContext(new Microsoft.ML.MLContext(seed)));

    /// <summary>How an ML.NET user reads a view back, or loads it.</summary>
    public sealed class Declared
    {
        [VectorType(3)] public float[] Observation { get; set; } = [];

        [VectorType(2)] public float[] Action { get; set; } = [];

        public float Reward { get; set; }

        [VectorType(3)] public float[] NextObservation { get; set; } = [];

        public bool Terminated { get; set; }

        public bool Truncated { get; set; }

        public int EpisodeId { get; set; }

        public static Declared From(Transition transition) => new()
        {
            Observation = transition.Observation,
            Action = transition.Action,
            Reward = transition.Reward,
            NextObservation = transition.NextObservation,
            Terminated = transition.Terminated,
            Truncated = transition.Truncated,
            EpisodeId = transition.EpisodeId,
        };
    }

    /// <summary>Counts up: observation [episode seed, step], reward the action's sum; ends after 4 steps, by termination in even episodes.</summary>
    public sealed class CountingEnvironment : IEnvironment
    {
        private int _episode = -1;
        private int _step;

        public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(2);

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -2, 2);

        public List<int> Seeds { get; } = [];

        public void Reset(int seed, Span<double> observation)
        {
            Seeds.Add(seed);
            _episode++;
            _step = 0;
            observation[0] = _episode;
            observation[1] = _step;
        }

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            _step++;
            observation[0] = _episode;
            observation[1] = _step;
            return new StepResult(action[0], Terminated: _step == 4 && _episode % 2 == 0, Truncated: _step == 4 && _episode % 2 == 1);
        }

        public void Dispose()
        {
        }
    }
}
