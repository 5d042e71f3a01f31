using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Random;

namespace MbpoML.Benchmarks.Offline;

/// <summary>
/// The double mass-spring-damper of NeoRL-2 (arXiv:2503.19267): two masses are to follow targets. Observation: positions, velocities, targets; action: two
/// forces.
/// </summary>
/// <remarks>
/// dt 0.2, mass 20, spring 2, damper 4, force 30 times the action. Reward: -sum ln(|x' - target'| + 0.01). 100 steps; each target may jump once, in the 50th
/// step. <c>DmsdLog.Replay</c> compares it with the published transitions.
/// </remarks>
internal sealed class DmsdEnvironment : IEnvironment
{
    /// <summary>The steps of an episode.</summary>
    public const int Steps = 100;

    /// <summary>The step in which targets jump: an episode has one segment, or two of the same length.</summary>
    public const int JumpStep = 50;

    private readonly double[] _state = new double[6], _later = new double[2];
    private int _step;

    /// <summary>The numbers of an observation that come from outside: the targets.</summary>
    public static IReadOnlyList<int> Targets { get; } = [4, 5];

    /// <summary>The reward, for those who know it: of the state after a step.</summary>
    public static IRewardFunction KnownReward { get; } = RewardFunction.FromRow((_, _, next) =>
        (float)(-Math.Log(Math.Abs(next[0] - next[4]) + 0.01) - Math.Log(Math.Abs(next[1] - next[5]) + 0.01)));

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
            _state[4 + mass] = random.NextUniform(-1.5, 1.5);
            // One target or two an episode.
            var later = random.NextUniform(-1.5, 1.5);
            _later[mass] = random.NextUniform(0, 1) < 0.5 ? _state[4 + mass] : later;
        }

        _step = 0;
        _state.CopyTo(observation);
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        Move(_state, action);
        _step++;
        if (_step == JumpStep) (_state[4], _state[5]) = (_later[0], _later[1]);
        _state.CopyTo(observation);
        return new StepResult(Reward(_state), Terminated: false, Truncated: _step >= Steps);
    }

    /// <summary>Moves the masses by one step; targets stay.</summary>
    /// <param name="state">Positions, velocities and targets, [6]; changed in place.</param>
    /// <param name="action">Two forces from -1 to 1; what is beyond is cut.</param>
    public static void Move(Span<double> state, ReadOnlySpan<double> action)
    {
        var (x1, x2, v1, v2) = (state[0], state[1], state[2], state[3]);
        (state[0], state[1]) = (x1 + (0.2 * v1), x2 + (0.2 * v2));
        state[2] = (-0.04 * x1) + (0.02 * x2) + (0.92 * v1) + (0.04 * v2) + (0.3 * Math.Clamp(action[0], -1, 1));
        state[3] = (-0.04 * x2) + (0.02 * x1) + (0.92 * v2) + (0.04 * v1) + (0.3 * Math.Clamp(action[1], -1, 1));
    }

    /// <summary>The reward of a step that ended in a state.</summary>
    /// <param name="state">Positions, velocities and targets after the step, [6].</param>
    public static double Reward(ReadOnlySpan<double> state) =>
        -Math.Log(Math.Abs(state[0] - state[4]) + 0.01) - Math.Log(Math.Abs(state[1] - state[5]) + 0.01);

    public void Dispose()
    {
    }
}
