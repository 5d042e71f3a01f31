using MbpoML.Environments;
using MbpoML.Numerics.Random;

namespace MyTask;

/// <summary>A tank whose level a pump should hold at a set point, while water leaves it. Put your own system in its place.</summary>
public sealed class MyTaskEnvironment : IEnvironment
{
    private const double StepLength = 1;            // s
    private const double Area = 0.5;                // m2
    private const double Outlet = 0.02;             // m3/s at a level of 1 m
    private const double MaxLevel = 2;              // m
    private double _level, _target;

    /// <summary>What a policy sees: the level and the set point (m). What the reward depends on has to be here.</summary>
    public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(2).Named("level", "target");

    /// <summary>What a policy does: the flow of the pump (m3/s), in your units.</summary>
    public BoxSpace ActionSpace { get; } = new([0], [0.05]);

    /// <summary>Begins an episode. Everything random comes from the seed: equal seeds and actions give equal episodes.</summary>
    public void Reset(int seed, Span<double> observation)
    {
        var random = new RandomSource(seed);
        (_level, _target) = (random.NextUniform(0.2, 1.8), random.NextUniform(0.5, 1.5));
        Observe(observation);
    }

    /// <summary>Goes on by one step. It terminates only where nothing more can be earned; the time limit is set outside.</summary>
    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        var outflow = Outlet * Math.Sqrt(_level);
        _level = Math.Clamp(_level + (StepLength / Area * (action[0] - outflow)), 0, MaxLevel);
        Observe(observation);
        return new StepResult(-Math.Abs(_level - _target), Terminated: false, Truncated: false);
    }

    private void Observe(Span<double> observation) => (observation[0], observation[1]) = (_level, _target);
}
