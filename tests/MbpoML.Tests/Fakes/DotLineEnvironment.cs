using MbpoML.Environments;
using MbpoML.Numerics.Random;

namespace MbpoML.Tests.Fakes;

/// <summary>
/// A point on a line as a picture of a dot, 16 by 16 pixels in gray, whose speed no picture shows: v += 0.1 a, p += v, between walls at -1 and 1, reward -p²
/// of the new place. It begins on either side, nearly at rest.
/// </summary>
internal sealed class DotLineEnvironment : IPixelEnvironment, IStatefulEnvironment
{
    private const int Side = 16;
    private const double Radius = 2.5, Reach = 5;
    private double _place, _speed;
    private int _step;

    public FrameShape FrameShape { get; } = new(1, Side, Side);

    public BoxSpace ObservationSpace { get; } = BoxSpace.Uniform(Side * Side, 0, 255);

    public BoxSpace ActionSpace { get; init; } = BoxSpace.Uniform(1, -1, 1);

    public int? MaxEpisodeSteps => Length;

    public int Length { get; init; } = 25;

    public int StateSize => 3;

    /// <summary>The actions that were taken, over all episodes.</summary>
    public List<double> Actions { get; } = [];

    /// <summary>Called before each step with its number, from 1.</summary>
    public Action<int>? OnStep { get; init; }

    /// <summary>The number of the step, from 1, after which what is seen is no picture.</summary>
    public int? BrokenFrame { get; init; }

    public double Place => _place;

    public void Reset(int seed, Span<double> observation)
    {
        var random = new RandomSource(seed);
        _place = random.NextUniform(0.5, 0.8) * (random.NextDouble() < 0.5 ? -1 : 1);
        (_speed, _step) = (random.NextUniform(-0.05, 0.05), 0);
        Draw(observation);
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        Actions.Add(action[0]);
        OnStep?.Invoke(Actions.Count);
        _speed += 0.1 * action[0];
        _place += _speed;
        if (Math.Abs(_place) > 1) (_place, _speed) = (Math.Sign(_place), 0);
        _step++;
        Draw(observation);
        if (Actions.Count == BrokenFrame) observation[0] = 256;
        return new StepResult(-_place * _place, false, _step >= Length);
    }

    public void GetState(Span<double> state) => (state[0], state[1], state[2]) = (_place, _speed, _step);

    public void SetState(ReadOnlySpan<double> state) => (_place, _speed, _step) = (state[0], state[1], (int)state[2]);

    public void Dispose()
    {
    }

    private void Draw(Span<double> observation)
    {
        var center = ((Side - 1) / 2.0) + (_place * Reach);
        for (var row = 0; row < Side; row++)
        {
            for (var column = 0; column < Side; column++)
            {
                var (x, y) = (column - center, row - ((Side - 1) / 2.0));
                var covered = Math.Clamp(0.5 + Radius - Math.Sqrt((x * x) + (y * y)), 0, 1);
                observation[(row * Side) + column] = Math.Round(255 * covered);
            }
        }
    }
}
