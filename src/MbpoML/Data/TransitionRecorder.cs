using MbpoML.Environments;
using MbpoML.Numerics;

namespace MbpoML.Data;

/// <summary>Steps through an environment and gives what happens as transitions.</summary>
internal static class TransitionRecorder
{
    /// <summary>A number of steps, over as many episodes as they take; the last row is truncated where its episode goes on.</summary>
    public static IEnumerable<Transition> Record(IEnvironment environment, int steps, BehaviorPolicy? policy, int seed)
    {
        var random = new RandomSource(Seeds.Derive(seed, "recording/actions"));
        var act = policy ?? ((observation, action) => environment.ActionSpace.Sample(random, action));
        var observation = new double[environment.ObservationSpace.Size];
        var action = new double[environment.ActionSpace.Size];
        var episode = 0;
        var done = true;
        for (var step = 0; step < steps; step++)
        {
            if (done) environment.Reset(Seeds.Derive(seed, "recording/episode", episode), observation);
            act(observation, action);
            var before = ToFloats(observation);
            var result = environment.Step(action, observation);
            done = result.Done;
            yield return new Transition
            {
                Observation = before,
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
