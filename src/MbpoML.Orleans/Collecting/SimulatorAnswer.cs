namespace MbpoML.Orleans.Collecting;

/// <summary>What a simulator gave to a move.</summary>
/// <param name="Number">The number of the move that is answered.</param>
/// <param name="Observation">[observation], environment units; empty where only a state was set.</param>
/// <param name="Reward">The reward of a step; 0 for a reset.</param>
/// <param name="Terminated">Whether the task ended the episode.</param>
/// <param name="Truncated">Whether only the limit of steps ended the episode.</param>
[GenerateSerializer]
internal sealed record SimulatorAnswer(
    [property: Id(0)] long Number, [property: Id(1)] double[] Observation, [property: Id(2)] double Reward = 0, [property: Id(3)] bool Terminated = false,
    [property: Id(4)] bool Truncated = false)
{
    /// <summary>The state after the move, where it was asked for.</summary>
    [Id(5)]
    public double[]? State { get; init; }

    /// <summary>What the simulator threw; null where it threw nothing.</summary>
    [Id(6)]
    public string? Failure { get; init; }
}
