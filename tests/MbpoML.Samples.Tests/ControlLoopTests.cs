using MbpoML.Environments;
using Microsoft.ML;
using PlannerControlLoop;

namespace MbpoML.Samples.Tests;

/// <summary>The loop at a fixed rate of samples/PlannerControlLoop, by a clock that the tests move.</summary>
public class ControlLoopTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    [Test]
    public void A_late_decision_is_counted_and_the_machine_gets_the_last_action_meanwhile()
    {
        var clock = new MovedClock();
        var machine = new Recorder();
        // The decision before the loop begins is number 0. Number 3 takes two and a half periods.
        var number = 0;
        var (_, times) = new ControlLoop(Period, clock, clock.Move).Run(machine, (_, action) =>
        {
            clock.Move(TimeSpan.FromMilliseconds(number == 3 ? 125 : 10));
            action[0] = number++;
        }, steps: 7, seed: 1);
        Assert.Multiple(() =>
        {
            Assert.That(machine.Actions, Is.EqualTo(new[] { 1, 2, 2, 2, 3, 4, 5 }));
            Assert.That((times.Count, times.Late), Is.EqualTo((5, 1)));
            Assert.That(times.Within(1), Is.EqualTo(TimeSpan.FromMilliseconds(125)));
            Assert.That(times.Within(0.5), Is.EqualTo(TimeSpan.FromMilliseconds(10)));
            Assert.That(clock.Now, Is.EqualTo((7 * Period) + TimeSpan.FromMilliseconds(10)), "it lost no time, but the decision before it began");
        });
    }

    [Test]
    public void Without_a_decision_there_is_no_time_of_one() =>
        Assert.That(() => new DecisionTimes(Period, most: 1).Within(0.5), Throws.InvalidOperationException);

    [Test]
    public void The_delayed_pendulum_obeys_one_step_late_and_its_state_is_found_from_what_is_observed()
    {
        using var pendulum = new MLContext(seed: 1).Reinforcement().Environments.Pendulum();
        using var delayed = new DelayedPendulum();
        var (plain, late) = (new double[3], new double[4]);
        pendulum.Reset(5, plain);
        delayed.Reset(5, late);
        delayed.Step([1.5], late);
        pendulum.Step([0], plain);
        Assert.That(late, Is.EqualTo([.. plain, 1.5]));
        delayed.Step([-9], late);
        pendulum.Step([1.5], plain);
        Assert.That(late, Is.EqualTo([.. plain, -2]), "an action on its way is inside the bounds");
        var state = new double[delayed.StateSize];
        delayed.FindState(late, state);
        using var other = new DelayedPendulum();
        var next = new double[4];
        other.Reset(1, next);
        other.SetState(state);
        other.Step([0], next);
        delayed.Step([0], late);
        Assert.That(next, Is.EqualTo(late).Within(1e-6));
    }

    private sealed class MovedClock : TimeProvider
    {
        public TimeSpan Now { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public void Move(TimeSpan time) => Now += time;
    }

    private sealed class Recorder : IEnvironment
    {
        public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(1);

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -10, 10);

        public List<double> Actions { get; } = [];

        public void Reset(int seed, Span<double> observation) => observation[0] = 0;

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            Actions.Add(action[0]);
            return new StepResult(0, Terminated: false);
        }
    }
}
