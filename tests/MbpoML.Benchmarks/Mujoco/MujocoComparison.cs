using System.Globalization;
using MbpoML.Benchmarks.Reporting;
using MbpoML.Mujoco;
using MbpoML.Numerics.Random;

namespace MbpoML.Benchmarks.Mujoco;

/// <summary>
/// Control steps a second of processor time of each task, beside the same loop in C on the same library, start and actions. Both make the same trajectory,
/// which is checked.
/// </summary>
internal static class MujocoComparison
{
    private const int Episode = 1000;
    // Short rounds, and many: what else the machine does then meets both sides alike.
    private const double RoundSeconds = 0.05;

    public static void Run(IEnumerable<MujocoTask> tasks, int rounds)
    {
        MujocoRuntime.EnsureAvailable();
        Console.WriteLine($"MuJoCo {MujocoRuntime.Release}");
        var table = new MarkdownTable("task", "control steps/s, C#", "control steps/s, C", "C# / C", "lowest to highest ratio");
        foreach (var task in tasks) Measure(task, rounds, table);
        table.Print("control steps of one environment, per second of its thread's processor time");
    }

    private static void Measure(MujocoTask task, int rounds, MarkdownTable table)
    {
        using var environment = task.Create();
        var (start, actions) = (Start(environment), Actions(task));
        using var native = new NativeLoop(task, environment, start, actions);
        var managed = new ManagedLoop(environment, start, actions);
        // The first runs warm both up, and tell how many steps fill a round.
        managed.Run(Episode);
        native.Run(Episode);
        var steps = (int)Math.Ceiling(RoundSeconds * Episode / managed.Run(Episode).Seconds);
        var rates = Enumerable.Range(0, rounds).Select(round => Round(managed, native, steps, isManagedFirst: round % 2 == 0)).ToArray();
        var ratios = rates.Select(rate => rate.Managed / rate.Native).Order().ToArray();
        table.Add(
            task.Name, MarkdownTable.Number(Median(rates.Select(rate => rate.Managed))), MarkdownTable.Number(Median(rates.Select(rate => rate.Native))),
            Percent(Median(ratios)), $"{Percent(ratios[0])} to {Percent(ratios[^1])}");
    }

    private static (double Managed, double Native) Round(ManagedLoop managed, NativeLoop native, int steps, bool isManagedFirst)
    {
        var ours = isManagedFirst ? managed.Run(steps) : default;
        var theirs = native.Run(steps);
        if (!isManagedFirst) ours = managed.Run(steps);
        // Comparing sums of doubles bit for bit is the point.
        if (!ours.Sum.Equals(theirs.Sum))
            throw new InvalidOperationException($"C# went through observations that add up to {ours.Sum:r}, C to {theirs.Sum:r}: they did not do the same.");
        return (steps / ours.Seconds, steps / theirs.Seconds);
    }

    private static double[] Start(MujocoEnvironment environment)
    {
        var state = new double[environment.StateSize];
        environment.Reset(1, new double[environment.ObservationSpace.Size]);
        environment.GetState(state);
        return state[..(environment.Model.PositionSize + environment.Model.VelocitySize)];
    }

    private static double[] Actions(MujocoTask task)
    {
        using var environment = task.Create();
        var (actions, random) = (new double[Episode * task.ActionSize], new RandomSource(1));
        for (var step = 0; step < Episode; step++) environment.ActionSpace.Sample(random, actions.AsSpan(step * task.ActionSize, task.ActionSize));
        return actions;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    private static string Percent(double ratio) => (100 * ratio).ToString("F1", CultureInfo.InvariantCulture) + " %";

    // The same loop by the environment.
    private sealed class ManagedLoop(MujocoEnvironment environment, double[] start, double[] actions)
    {
        private readonly double[] _observation = new double[environment.ObservationSpace.Size];
        private readonly int _positions = environment.Model.PositionSize;
        private readonly int _width = environment.Model.ActionSize;

        public (double Seconds, double Sum) Run(int steps)
        {
            var (sum, begin) = (0.0, ThreadTime.Now);
            for (var step = 0; step < steps; step++)
            {
                if (step % Episode == 0) environment.StartFrom(start.AsSpan(0, _positions), start.AsSpan(_positions), _observation);
                environment.Step(actions.AsSpan(step % Episode * _width, _width), _observation);
                sum += _observation[0];
            }

            return (ThreadTime.Now - begin, sum);
        }
    }
}
