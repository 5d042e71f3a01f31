using MbpoML.Environments;

namespace MbpoML.Tests.Fakes;

/// <summary>An environment that has sizes and does nothing.</summary>
internal sealed class SizedEnvironment(int observations, int actions, int? steps = null) : IEnvironment
{
    public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(observations);

    public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(actions, 0, 3);

    public int? MaxEpisodeSteps => steps;

    public void Reset(int seed, Span<double> observation) => observation.Clear();

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation) => default;
}
