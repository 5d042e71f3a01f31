namespace MbpoML.Orleans.Collecting;

/// <summary>What a trainer asks of a collector. Told again, it is answered by the same result and done once.</summary>
/// <param name="Epoch">Rises with each collector that the trainer turns to: a call of an older one is refused.</param>
/// <param name="Number">The number of the move; it rises by one with each.</param>
/// <param name="Move">The move; null where the log holds it, or only the state after the last move is wanted.</param>
/// <param name="Log">Begins the simulator anew, up to this number; null where the collector has it.</param>
/// <param name="WantsState">Whether the answer shall hold the state after the move.</param>
[GenerateSerializer]
internal sealed record CollectorCall(
    [property: Id(0)] long Epoch, [property: Id(1)] long Number, [property: Id(2)] SimulatorMove? Move, [property: Id(3)] SimulatorLog? Log,
    [property: Id(4)] bool WantsState)
{
    /// <summary>How the simulator is made, where it is begun anew.</summary>
    [Id(5)]
    public SimulatorOrder? Order { get; init; }

    /// <summary>Whether another call asks for the same.</summary>
    public bool IsSame(CollectorCall? other) =>
        other is not null && (other.Epoch, other.Number, other.WantsState, other.Log is null) == (Epoch, Number, WantsState, Log is null);
}
