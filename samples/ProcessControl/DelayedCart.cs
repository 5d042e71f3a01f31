using MbpoML.Environments;
using MbpoML.Numerics.Random;

namespace ProcessControl;

/// <summary>
/// Bring a cart to the middle of its track as fast as can be and hold it there. The drive obeys half a second late: what was ordered and has not come yet is
/// observed.
/// </summary>
internal sealed class DelayedCart : IEnvironment
{
    public const double MaxForce = 5;               // N
    public const int Steps = 60;
    private const int Delay = 5;                    // steps
    private const double TrackEnd = 2;              // m
    private const double StepLength = 0.1;          // s
    private const double Mass = 1;                  // kg
    private const double Friction = 2;              // N s/m

    // The force that acts now, then the later ones.
    private readonly double[] _ordered = new double[Delay];
    private double _position, _velocity;
    private int _elapsed;

    // Position (m), velocity (m/s), the forces that were ordered and have not acted yet (N), the next one first.
    public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(2 + Delay);

    // Force (N).
    public BoxSpace ActionSpace { get; } = new([-MaxForce], [MaxForce]);

    public int? MaxEpisodeSteps => Steps;

    public void Reset(int seed, Span<double> observation)
    {
        var random = new RandomSource(seed);
        (_position, _velocity) = (random.NextUniform(-1.5, 1.5), random.NextUniform(-0.5, 0.5));
        Array.Clear(_ordered);
        _elapsed = 0;
        Observe(observation);
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        var force = _ordered[0];
        _ordered.AsSpan(1).CopyTo(_ordered);
        _ordered[^1] = Math.Clamp(action[0], -MaxForce, MaxForce);

        _velocity += StepLength / Mass * (force - (Friction * _velocity));
        _position += StepLength * _velocity;
        if (Math.Abs(_position) > TrackEnd) (_position, _velocity) = (Math.CopySign(TrackEnd, _position), 0);
        _elapsed++;
        Observe(observation);
        return new StepResult(-Math.Abs(_position), Terminated: false, Truncated: _elapsed >= Steps);
    }

    private void Observe(Span<double> observation)
    {
        (observation[0], observation[1]) = (_position, _velocity);
        _ordered.CopyTo(observation[2..]);
    }
}
