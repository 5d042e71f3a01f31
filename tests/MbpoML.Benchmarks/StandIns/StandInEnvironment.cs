using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Random;

namespace MbpoML.Benchmarks.StandIns;

/// <summary>
/// A smooth nonlinear system of any size that costs next to nothing, in the place of a simulator that is not at hand: it has a task's sizes, not its physics.
/// </summary>
/// <remarks>
/// x' = x + 0.1 (A tanh(B x + C a + d) - x) with fixed random A, B, C, d: bounded whatever the actions are, and deterministic. The observation is x.
/// Reward: x[1] - 0.1 mean(a²). With a lowest height the episode terminates where x[0] falls below it.
/// </remarks>
internal sealed class StandInEnvironment : IStatefulEnvironment
{
    private const int Units = 64;
    private const double Rate = 0.1;

    private readonly double[] _output, _state, _action, _bias;
    private readonly double[] _x;
    private readonly double[] _next;
    private readonly double? _lowestHeight;

    /// <param name="observationSize">Values of x, at least 2.</param>
    /// <param name="actionSize">Actions, each in [-1, 1].</param>
    /// <param name="lowestHeight">Where an episode terminates, or null when it never does.</param>
    public StandInEnvironment(int observationSize, int actionSize, double? lowestHeight = null)
    {
        ObservationSpace = BoxSpace.Unbounded(observationSize);
        ActionSpace = BoxSpace.Uniform(actionSize, -1, 1);
        _lowestHeight = lowestHeight;
        if (lowestHeight is { } height) Termination = TerminationFunction.FromTensors((_, _, next) => next.select(1, 0).lt(height));
        // One system for each pair of sizes.
        var random = new RandomSource((1000 * observationSize) + actionSize);
        (_output, _bias) = (Normal(random, observationSize * Units, 3 / Math.Sqrt(Units)), Normal(random, Units, 1));
        (_state, _action) = (Normal(random, Units * observationSize, 2 / Math.Sqrt(observationSize)),
            Normal(random, Units * actionSize, 1.5 / Math.Sqrt(actionSize)));
        (_x, _next) = (new double[observationSize], new double[observationSize]);
    }

    public BoxSpace ObservationSpace { get; }

    public BoxSpace ActionSpace { get; }

    public ITerminationFunction? Termination { get; }

    public int StateSize => _x.Length;

    public void Reset(int seed, Span<double> observation)
    {
        var random = new RandomSource(seed);
        for (var index = 0; index < _x.Length; index++) _x[index] = random.NextUniform(-0.1, 0.1);
        _x.CopyTo(observation);
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        for (var index = 0; index < _x.Length; index++) _next[index] = (1 - Rate) * _x[index];
        for (var unit = 0; unit < Units; unit++)
        {
            var active = Rate * Math.Tanh(_bias[unit] + Dot(_state, unit, _x) + Dot(_action, unit, action));
            for (var index = 0; index < _x.Length; index++) _next[index] += active * _output[(index * Units) + unit];
        }

        _next.CopyTo(_x, 0);
        _x.CopyTo(observation);
        var effort = 0.0;
        foreach (var value in action) effort += value * value;
        return new StepResult(_x[1] - (0.1 * effort / action.Length), _x[0] < _lowestHeight);
    }

    public void GetState(Span<double> state) => _x.CopyTo(state);

    public void SetState(ReadOnlySpan<double> state) => state.CopyTo(_x);

    private static double Dot(double[] matrix, int row, ReadOnlySpan<double> vector)
    {
        var sum = 0.0;
        for (var index = 0; index < vector.Length; index++) sum += matrix[(row * vector.Length) + index] * vector[index];
        return sum;
    }

    private static double[] Normal(RandomSource random, int count, double deviation) =>
        [.. Enumerable.Range(0, count).Select(_ => deviation * random.NextNormal())];
}
