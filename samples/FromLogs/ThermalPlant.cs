using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Random;

namespace FromLogs;

/// <summary>
/// Two heaters on one board, each with a sensor, as in the temperature control laboratory (TCLab): bring both to their set points, and hold them there.
/// </summary>
/// <remarks>
/// Observation: temperatures (°C), set points (°C), heaters of the step before (%). Action: heaters, 0 to 100 %. A step is 10 s, an episode 10 minutes.
/// </remarks>
public sealed class ThermalPlant : IEnvironment
{
    /// <summary>Seconds of a step.</summary>
    public const int StepLength = 10;

    private const int Steps = 60;
    private const double Ambient = 23;
    private const double HeatCapacity = 2;            // J/K of each heater: 4 g at 500 J/(kg K)
    private const double Loss = 0.01;                 // W/K to the air
    private const double Exchange = 0.004;            // W/K between the heaters
    private static readonly double[] HeaterPower = [0.0100, 0.0075];   // W/%

    private readonly double[] _temperature = new double[2], _setPoint = new double[2], _heater = new double[2];
    private int _step;

    /// <inheritdoc/>
    public BoxSpace ObservationSpace { get; } =
        BoxSpace.Unbounded(6).Named("temperature 1", "temperature 2", "set point 1", "set point 2", "heater 1", "heater 2");

    /// <inheritdoc/>
    public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(2, 0, 100).Named("heater 1", "heater 2");

    /// <summary>What a step earns: less for each squared degree off the set points, and for heat.</summary>
    public static double Reward(double error1, double error2, double heater1, double heater2) =>
        (-0.1 * ((error1 * error1) + (error2 * error2))) - (0.002 * (heater1 + heater2));

    /// <summary>The same for imagined steps: the set points before the step, and the temperatures after it.</summary>
    public static IRewardFunction KnownReward { get; } = RewardFunction.FromRow((observation, action, next) =>
        (float)Reward(observation[2] - next[0], observation[3] - next[1], action[0], action[1]));

    /// <summary>The numbers of an observation that come from outside: the set points.</summary>
    public static IReadOnlyList<int> SetPoints { get; } = [2, 3];

    /// <inheritdoc/>
    public void Reset(int seed, Span<double> observation)
    {
        var random = new RandomSource(seed);
        for (var loop = 0; loop < 2; loop++)
        {
            _temperature[loop] = random.NextUniform(28, 50);
            _setPoint[loop] = random.NextUniform(32, 52);
            _heater[loop] = 0;
        }

        _step = 0;
        Observe(observation);
    }

    /// <inheritdoc/>
    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        (_heater[0], _heater[1]) = (Math.Clamp(action[0], 0, 100), Math.Clamp(action[1], 0, 100));
        for (var second = 0; second < StepLength; second++)
        {
            var exchanged = Exchange * (_temperature[1] - _temperature[0]);
            _temperature[0] += ((HeaterPower[0] * _heater[0]) + (Loss * (Ambient - _temperature[0])) + exchanged) / HeatCapacity;
            _temperature[1] += ((HeaterPower[1] * _heater[1]) + (Loss * (Ambient - _temperature[1])) - exchanged) / HeatCapacity;
        }

        var reward = Reward(_setPoint[0] - _temperature[0], _setPoint[1] - _temperature[1], _heater[0], _heater[1]);
        Observe(observation);
        return new StepResult(reward, Terminated: false, Truncated: ++_step >= Steps);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Observe(Span<double> observation)
    {
        _temperature.CopyTo(observation);
        _setPoint.CopyTo(observation[2..]);
        _heater.CopyTo(observation[4..]);
    }
}
