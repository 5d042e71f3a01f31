using MbpoML.Data;

namespace MbpoML.Benchmarks.Scaling;

/// <summary>The sizes that decide how long a stage takes. The defaults are Hopper's with 30,000 transitions.</summary>
internal sealed record ScalingSize
{
    public int ObservationSize { get; init; } = 11;

    public int ActionSize { get; init; } = 3;

    public int Members { get; init; } = 7;

    public int Data { get; init; } = 30_000;

    public TransitionLayout Layout => new(ObservationSize, ActionSize);
}
