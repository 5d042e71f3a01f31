using MbpoML.Environments;
using MbpoML.Numerics.Random;

namespace ProcessControl;

/// <summary>
/// Keep a room with floor heating between 20 and 23 degrees for two days at the least cost. The price of electricity changes every hour and is known six hours
/// ahead.
/// </summary>
internal sealed class TariffRoom : IEnvironment
{
    public const double Coldest = 20;
    public const double Warmest = 23;
    public const double MaxPower = 2;               // kW
    public const int Steps = 48;                    // of an hour
    public const int HoursAhead = 6;
    private const int Substeps = 12;
    private const double FloorCapacity = 4;         // kWh/K
    private const double AirCapacity = 1.2;         // kWh/K, with furniture
    private const double FloorToAir = 0.8;          // kW/K
    private const double AirToOutside = 0.15;       // kW/K
    private const double Discomfort = 60;           // cent for each kelvin and hour outside the band

    private readonly double[] _prices = new double[Steps + HoursAhead + 1];
    private double _air, _floor, _outside;
    private RandomSource _random = new(0);
    private int _elapsed;

    // Air, floor and outside (degrees Celsius), the price now and in one to six hours (cent/kWh).
    public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(3 + 1 + HoursAhead);

    // Electrical power of the heat pump (kW).
    public BoxSpace ActionSpace { get; } = new([0], [MaxPower]);

    public int? MaxEpisodeSteps => Steps;

    public void Reset(int seed, Span<double> observation)
    {
        _random = new RandomSource(seed);
        _elapsed = 0;
        _outside = _random.NextUniform(-6, 8);
        _air = _random.NextUniform(19.5, 22.5);
        _floor = _air + _random.NextUniform(0, 5);
        var startHour = _random.NextInt32(24);
        for (var hour = 0; hour < _prices.Length; hour++) _prices[hour] = Price((startHour + hour) % 24) * _random.NextUniform(0.8, 1.2);
        Observe(observation);
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        var power = Math.Clamp(action[0], 0, MaxPower);
        var cost = _prices[_elapsed] * power;
        // A heat pump gives more when it is mild.
        var heat = power * Math.Clamp(3 + (0.07 * _outside), 2, 4.5);
        for (var substep = 0; substep < Substeps; substep++)
        {
            var (toAir, toOutside) = (FloorToAir * (_floor - _air), AirToOutside * (_air - _outside));
            _floor += (heat - toAir) / (Substeps * FloorCapacity);
            _air += (toAir - toOutside) / (Substeps * AirCapacity);
        }

        _outside += 0.3 * _random.NextNormal();
        _elapsed++;
        Observe(observation);
        var outsideBand = Math.Max(0, Coldest - _air) + Math.Max(0, _air - Warmest);
        return new StepResult(-cost - (Discomfort * outsideBand), Terminated: false, Truncated: _elapsed >= Steps);
    }

    // Cheap at night and at noon, dear in the morning and in the evening.
    private static double Price(int hour) => hour switch
    {
        < 6 => 18,
        < 10 => 38,
        < 16 => 22,
        < 21 => 48,
        _ => 25,
    };

    private void Observe(Span<double> observation)
    {
        (observation[0], observation[1], observation[2]) = (_air, _floor, _outside);
        for (var hour = 0; hour <= HoursAhead; hour++) observation[3 + hour] = _prices[_elapsed + hour];
    }
}
