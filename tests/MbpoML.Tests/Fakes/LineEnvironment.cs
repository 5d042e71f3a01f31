using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Random;

namespace MbpoML.Tests.Fakes;

/// <summary>
/// A point on a line that has to be brought to zero and held there: x' = x + 0.3 a, reward 1 - |x'|, terminated beyond |x| = 2, truncated after 20 steps.
/// </summary>
/// <remarks>
/// Doing nothing earns about 20 (1 - 0.5) = 10; a random walk less; going to zero and staying earns above 17. It cannot give its state, like most simulators.
/// </remarks>
internal sealed class LineEnvironment : IEnvironment
{
    public const int EpisodeLength = 20;
    private double _x;
    private int _step;

    public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(1);

    public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -2, 2);

    public ITerminationFunction Termination { get; } = TerminationFunction.FromRow((_, _, next) => Math.Abs(next[0]) > 2);

    public List<int> Seeds { get; } = [];

    public int Steps { get; private set; }

    public void Reset(int seed, Span<double> observation)
    {
        Seeds.Add(seed);
        _x = new RandomSource(seed).NextUniform(-1, 1);
        _step = 0;
        observation[0] = _x;
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        Steps++;
        _step++;
        _x += 0.3 * Math.Clamp(action[0], -2, 2);
        observation[0] = _x;
        var terminated = Math.Abs(_x) > 2;
        return new StepResult(1 - Math.Abs(_x), terminated, !terminated && _step >= EpisodeLength);
    }

    public void Dispose()
    {
    }
}
