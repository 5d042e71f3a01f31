using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Experiments.Comparisons;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Experiments.Tests;

public class DecisionTimeTests
{
    [Test]
    public void It_is_the_median_of_the_decisions_without_the_first_ones_and_without_the_environment()
    {
        // Three slow decisions first, as code is loaded; then ones of 1, 2, ... milliseconds. The environment's steps take a second each.
        var clock = new PlannedClock();
        using var environment = new Slow(clock);
        var policy = new Thinking(clock, decision => decision < 3 ? 5000 : decision - 2);
        var time = DecisionTime.Measure(policy, environment, 1, clock);
        // Two seconds of thinking were over at once, so that five decisions count.
        Assert.That(time.TotalMilliseconds, Is.EqualTo(3).Within(1e-9));
        Assert.That(policy.Decisions, Is.EqualTo(8));
    }

    [Test]
    public void Fast_policies_decide_two_hundred_times_and_episodes_begin_again_where_they_end()
    {
        var clock = new PlannedClock();
        using var environment = new Slow(clock);
        var policy = new Thinking(clock, _ => 0.25);
        Assert.That(DecisionTime.Measure(policy, environment, 1, clock).TotalMilliseconds, Is.EqualTo(0.25).Within(1e-9));
        Assert.That((policy.Decisions, environment.Resets), Is.EqualTo((203, 2)), "an episode has 200 steps");
    }

    private sealed class PlannedClock : TimeProvider
    {
        public double Milliseconds { get; set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => (long)(Milliseconds * 1000);
    }

    private sealed class Thinking(PlannedClock clock, Func<int, double> milliseconds) : IPolicy
    {
        public int Decisions { get; private set; }

        public int ObservationSize => 3;

        public BoxSpace ActionSpace { get; } = new([-2], [2]);

        public Tensor Act(Tensor observation)
        {
            clock.Milliseconds += milliseconds(Decisions++);
            return torch.zeros(1, 1);
        }

        public Tensor Sample(Tensor observation, Generator generator) => Act(observation);
    }

    private sealed class Slow(PlannedClock clock) : IEnvironment
    {
        private readonly PendulumEnvironment _pendulum = new();

        public int Resets { get; private set; }

        public BoxSpace ObservationSpace => _pendulum.ObservationSpace;

        public BoxSpace ActionSpace => _pendulum.ActionSpace;

        public void Reset(int seed, Span<double> observation)
        {
            Resets++;
            _pendulum.Reset(seed, observation);
        }

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            clock.Milliseconds += 1000;
            return _pendulum.Step(action, observation);
        }

        public void Dispose() => _pendulum.Dispose();
    }
}
