using MbpoML.Environments;

namespace PlannerControlLoop;

/// <summary>
/// Controls a machine at a fixed rate. What is decided in one period is sent at the end of it, so that the machine obeys one period late. Where a decision is
/// not ready in time, the machine is sent the last one again.
/// </summary>
/// <param name="period">Time between two decisions.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="sleep">Waits for a time.</param>
internal sealed class ControlLoop(TimeSpan period, TimeProvider clock, Action<TimeSpan> sleep)
{
    // Decides on an action by what was observed.
    public delegate void Decision(ReadOnlySpan<double> observation, Span<double> action);

    /// <summary>A loop by the system's clock.</summary>
    public static ControlLoop At(double rate) => new(TimeSpan.FromSeconds(1 / rate), TimeProvider.System, Pause);

    /// <summary>Controls a machine for some periods, each of which is one step of it.</summary>
    /// <param name="machine">An environment in the place of a machine; each step is one period.</param>
    /// <param name="decide">Reads an observation and writes an action, within a period.</param>
    /// <param name="steps">Periods, at most those of an episode.</param>
    /// <param name="seed">Decides how the episode begins.</param>
    /// <returns>The return of the episode, and the time of each decision.</returns>
    public (double Return, DecisionTimes Times) Run(IEnvironment machine, Decision decide, int steps, int seed)
    {
        var times = new DecisionTimes(period, steps);
        var (observation, decided) = (new double[machine.ObservationSpace.Size], new double[machine.ActionSpace.Size]);
        var sent = new double[decided.Length];
        machine.Reset(seed, observation);
        // Once without the machine: the first call loads and compiles code.
        decide(observation, decided);

        var (total, isOver) = (0.0, false);
        var start = clock.GetTimestamp();
        for (var tick = 0; tick < steps && !isOver;)
        {
            var begun = clock.GetElapsedTime(start);
            decide(observation, decided);
            var ready = clock.GetElapsedTime(start);
            times.Add(ready - begun);

            // The ticks at which nothing new was there.
            for (tick++; period * tick < ready && tick < steps && !isOver; tick++) Send(sent);
            var rest = (period * tick) - clock.GetElapsedTime(start);
            if (rest > TimeSpan.Zero) sleep(rest);
            decided.CopyTo(sent, 0);
            if (!isOver) Send(sent);
        }

        return (total, times);

        void Send(double[] action)
        {
            var result = machine.Step(action, observation);
            (total, isOver) = (total + result.Reward, result.Done);
        }
    }

    // The system wakes a thread some milliseconds late; the last of them are spent waiting.
    private static void Pause(TimeSpan time)
    {
        var start = TimeProvider.System.GetTimestamp();
        if (time.TotalMilliseconds > 3) Thread.Sleep(time - TimeSpan.FromMilliseconds(3));
        while (TimeProvider.System.GetElapsedTime(start) < time) Thread.SpinWait(20);
    }
}
