using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Random;

namespace CustomEnvironment;

/// <summary>Keep a room at 21 degrees with a heater, cheaply. The walls store heat, and it is cold outside.</summary>
internal sealed class HeatedRoomEnvironment : IEnvironment
{
    private const double Target = 21;
    private const double TooHot = 35;
    private const double MaxHeating = 3;            // kW
    private const double TimeStep = 300;            // seconds
    private const double AirCapacity = 2e5;         // J/K
    private const double WallCapacity = 5e6;        // J/K
    private const double AirToWall = 200;           // W/K
    private const double WallToOutside = 60;        // W/K

    private double _room, _wall, _outside;

    // Room, wall, outside, in tens of degrees from the target: numbers of order one are what networks learn from best.
    public BoxSpace ObservationSpace { get; } = BoxSpace.Uniform(3, -6, 4);

    // Only the start is drawn, and all of it is observed.
    public bool IsDeterministic => true;

    // Heating power in kilowatt.
    public BoxSpace ActionSpace { get; } = new([0], [MaxHeating]);

    // The same condition as in Step, for transitions that the model imagines.
    public ITerminationFunction? Termination { get; } =
        TerminationFunction.FromRow((observation, action, nextObservation) => nextObservation[0] > Scale(TooHot));

    public void Reset(int seed, Span<double> observation)
    {
        var random = new RandomSource(seed);
        _room = random.NextUniform(12, 24);
        _wall = random.NextUniform(10, 20);
        _outside = random.NextUniform(-10, 10);
        Observe(observation);
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        var heating = Math.Clamp(action[0], 0, MaxHeating);
        var toWall = AirToWall * (_room - _wall);
        _room += TimeStep / AirCapacity * ((1000 * heating) - toWall);
        _wall += TimeStep / WallCapacity * (toWall - (WallToOutside * (_wall - _outside)));
        Observe(observation);

        // The 1 makes a running room worth more than one that ended early.
        var error = _room - Target;
        return new StepResult(1 - (0.1 * error * error) - (0.05 * heating), Terminated: _room > TooHot);
    }

    private void Observe(Span<double> observation) => (observation[0], observation[1], observation[2]) = (Scale(_room), Scale(_wall), Scale(_outside));

    private static double Scale(double celsius) => (celsius - Target) / 10;
}
