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
        var stepOfEpisode = 0;
        for (var step = 0; step < steps; step++)
        {
            if (done)
            {
                stepOfEpisode = 0;
                Reset(environment, Seeds.Derive(seed, "recording/episode", episode), observation, episode);
            }

            act(observation, action);
            observation.CopyTo(from, 0);
            var result = Step(environment, action, observation, episode, ++stepOfEpisode);
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

    private static void Reset(IEnvironment environment, int seed, double[] observation, int episode)
    {
        try
        {
            environment.Reset(seed, observation);
        }
        catch (OperationCanceledException cancelled)
        {
            throw Fault(environment, cancelled, episode, step: 0);
        }
    }

    private static StepResult Step(IEnvironment environment, double[] action, double[] observation, int episode, int step)
    {
        try
        {
            return environment.Step(action, observation);
        }
        catch (OperationCanceledException cancelled)
        {
            throw Fault(environment, cancelled, episode, step);
        }
    }

    // Nobody can ask a recording to be cancelled: the environment gave up by itself, as on a request that took too long.
    private static EnvironmentException Fault(IEnvironment environment, OperationCanceledException cancelled, int episode, int step) => new(
        Invariant($"{environment.GetType().Name}, episode {episode + 1}, {(step == 0 ? "reset" : FormattableString.Invariant($"step {step}"))}: it threw {cancelled.GetType().Name}: {cancelled.Message}"),
        cancelled, episode + 1, step);

    private static float[] ToFloats(double[] values) => Array.ConvertAll(values, value => (float)value);
}
