using MbpoML.Environments;
using MbpoML.Numerics.Random;

namespace MbpoML.Data;

/// <summary>Steps through an environment and gives what happens as transitions.</summary>
internal static class TransitionRecorder
{
    /// <summary>A number of steps, over as many episodes as they take; the last row is truncated where its episode goes on.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="steps">The transitions to record.</param>
    /// <param name="policy">Chooses the actions; null draws them.</param>
    /// <param name="seed">Determines the episodes and the random actions.</param>
    /// <param name="begin">Called when an episode begins.</param>
    /// <param name="statistics">Sees the numbers before they are rounded; null: nobody does.</param>
    public static IEnumerable<Transition> Record(
        IEnvironment environment, int steps, BehaviorPolicy? policy, int seed, Action? begin = null, TransitionStatistics? statistics = null)
    {
        var random = new RandomSource(Seeds.Derive(seed, "recording/actions"));
        var act = policy ?? ((observation, action) => environment.ActionSpace.Sample(random, action));
        var runner = new EpisodeRunner(environment);
        var episode = 0;
        for (var step = 0; step < steps; step++, runner.Advance())
        {
            if (!runner.IsUnderWay)
            {
                Begin(environment, runner, Seeds.Derive(seed, "recording/episode", episode), episode);
                begin?.Invoke();
            }

            act(runner.Observation, runner.Action);
            var result = Step(environment, runner, episode);
            statistics?.Add(runner.Observation, runner.Action, result.Reward, runner.Next);
            yield return new Transition
            {
                Observation = ToFloats(runner.Observation),
                Action = ToFloats(runner.Action),
                Reward = (float)result.Reward,
                NextObservation = ToFloats(runner.Next),
                Terminated = result.Terminated,
                Truncated = result.Truncated || (step == steps - 1 && !result.Terminated),
                EpisodeId = episode,
            };
            if (!runner.IsUnderWay) episode++;
        }
    }

    private static void Begin(IEnvironment environment, EpisodeRunner runner, int seed, int episode)
    {
        try
        {
            runner.Begin(seed);
        }
        catch (OperationCanceledException cancelled)
        {
            throw Fault(environment, cancelled, episode, step: 0);
        }
    }

    private static StepResult Step(IEnvironment environment, EpisodeRunner runner, int episode)
    {
        try
        {
            runner.Move();
            return runner.Count();
        }
        catch (OperationCanceledException cancelled)
        {
            throw Fault(environment, cancelled, episode, runner.Steps + 1);
        }
    }

    // Nobody can ask a recording to be cancelled: the environment gave up by itself, as on a request that took too long.
    private static EnvironmentException Fault(IEnvironment environment, OperationCanceledException cancelled, int episode, int step) => new(
        Invariant($"{environment.GetType().Name}, episode {episode + 1}, {(step == 0 ? "reset" : FormattableString.Invariant($"step {step}"))}: it threw ") +
            Invariant($"{cancelled.GetType().Name}: {cancelled.Message}"),
        cancelled, episode + 1, step);

    private static float[] ToFloats(double[] values) => Array.ConvertAll(values, value => (float)value);
}
