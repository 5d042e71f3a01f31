using MbpoML.Environments;

namespace MbpoML.Tests.Fakes;

/// <summary>The line task with what a test wants to go wrong in it; it does not say by itself when imagined episodes end.</summary>
internal sealed class HookedLineEnvironment : IEnvironment
{
    private readonly LineEnvironment _line = new();

    public BoxSpace ObservationSpace => _line.ObservationSpace;

    public BoxSpace ActionSpace => _line.ActionSpace;

    /// <summary>Given the number of steps since the environment was made and the result of this one, says what the trainer gets.</summary>
    public Func<int, StepResult, StepResult> OnStep { get; init; } = (_, result) => result;

    /// <summary>Given the same number and the observation, says what the trainer sees.</summary>
    public Func<int, double, double> OnObserve { get; init; } = (_, observation) => observation;

    public void Reset(int seed, Span<double> observation) => _line.Reset(seed, observation);

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        var result = _line.Step(action, observation);
        observation[0] = OnObserve(_line.Steps, observation[0]);
        return OnStep(_line.Steps, result);
    }

    public void Dispose() => _line.Dispose();
}
