using MbpoML.Acting;
using MbpoML.Environments;

namespace MbpoML.Experiments.Comparisons;

/// <summary>How long a policy thinks about one action: between a microsecond of a network and seconds of a planner.</summary>
public static class DecisionTime
{
    // The first decisions load code and memory.
    private const int Uncounted = 3, Fewest = 5, Most = 200;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(2);

    /// <summary>The median time of a decision over 5 to 200 steps of episodes, in about two seconds.</summary>
    /// <param name="policy">Its most likely actions are taken.</param>
    /// <param name="environment">Where it acts; the time of the environment's steps is not counted.</param>
    /// <param name="seed">Determines how the episodes begin.</param>
    /// <param name="clock">The clock that measures. Default: the system's.</param>
    /// <exception cref="InvalidOperationException">The policy gave something else than one action.</exception>
    public static TimeSpan Measure(IPolicy policy, IEnvironment environment, int seed, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(environment);
        clock ??= TimeProvider.System;
        using var actor = policy.NewActor();
        var (observation, action) = (new double[environment.ObservationSpace.Size], new double[environment.ActionSpace.Size]);
        var times = new List<TimeSpan>();
        var (isUnderWay, spent) = (false, TimeSpan.Zero);
        for (var step = 0; times.Count < Fewest || (times.Count < Most && spent < Enough); step++)
        {
            if (!isUnderWay)
            {
                environment.Reset(seed + step, observation);
                actor.Begin(rows: 1);
            }

            var start = clock.GetTimestamp();
            actor.Act(observation, action, generator: null);
            var time = clock.GetElapsedTime(start);
            if (step >= Uncounted) times.Add(time);
            spent += time;
            var result = environment.Step(action, observation);
            isUnderWay = !result.Terminated && !result.Truncated;
        }

        return times.Order().ElementAt(times.Count / 2);
    }
}
