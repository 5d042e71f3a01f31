using MbpoML.Environments;
using MbpoML.Numerics;

namespace MbpoML.Data;

/// <summary>Steps through an environment and gives what happens as transitions.</summary>
internal static class TransitionRecorder
{
    /// <summary>A number of steps, over as many episodes as they take; the last row is truncated where its episode goes on.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="steps">The transitions to record.</param>
    /// <param name="policy">Chooses the actions; null draws them.</param>
    /// <param name="seed">Determines the episodes and the random actions.</param>
    /// <param name="statistics">Sees the numbers before they are rounded; null: nobody does.</param>
    public static IEnumerable<Transition> Record(IEnvironment environment, int steps, BehaviorPolicy? policy, int seed, TransitionStatistics? statistics = null)
    {
        var random = new RandomSource(Seeds.Derive(seed, "recording/actions"));
        var act = policy ?? ((observation, action) => environment.ActionSpace.Sample(random, action));
        var observation = new double[environment.ObservationSpace.Size];
        var from = new double[observation.Length];
        var action = new double[environment.ActionSpace.Size];
        var episode = 0;
        var done = true;
        for (var step = 0; step < steps; step++)
        {
            if (done) environment.Reset(Seeds.Derive(seed, "recording/episode", episode), observation);
            act(observation, action);
            observation.CopyTo(from, 0);
            var result = environment.Step(action, observation);
            statistics?.Add(from, action, result.Reward, observation);
            done = result.Done;
            yield return new Transition
            {
                Observation = ToFloats(from),
                Action = ToFloats(action),
                Reward = (float)result.Reward,
                NextObservation = ToFloats(observation),
                Terminated = result.Terminated,
                Truncated = result.Truncated || (step == steps - 1 && !result.Terminated),
                EpisodeId = episode,
            };
            if (done) episode++;
        }
    }

    private static float[] ToFloats(double[] values) => Array.ConvertAll(values, value => (float)value);
}
