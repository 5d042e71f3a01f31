namespace MbpoML.Orleans.Collecting;

/// <summary>All that another collector needs to put a simulator where it was: a state, and the moves since.</summary>
/// <param name="From">The number of the last move before <paramref name="Moves"/>.</param>
/// <param name="State">The state after that move; null where the moves begin with a reset.</param>
/// <param name="Moves">The moves after it, in order. Equal seeds and equal actions give equal episodes, so that they give the same once more.</param>
[GenerateSerializer]
internal sealed record SimulatorLog(
    [property: Id(0)] long From, [property: Id(1)] double[]? State, [property: Id(2)] IReadOnlyList<SimulatorMove> Moves)
{
    /// <summary>The log of a simulator that was never reset.</summary>
    public static SimulatorLog Empty { get; } = new(0, null, []);

    /// <summary>The number of its last move.</summary>
    public long Until => From + Moves.Count;

    /// <summary>Whether there is an episode, or a state, from which a step can go on.</summary>
    public bool IsBegun => State is not null || Moves.Count > 0;

    /// <summary>The log with one more move; a reset makes everything before it needless.</summary>
    public SimulatorLog With(SimulatorMove move) =>
        move.IsReset ? new SimulatorLog(Until, null, [move]) : this with { Moves = (SimulatorMove[])[.. Moves, move] };

    /// <summary>The log of a simulator whose state after the last move is known.</summary>
    public SimulatorLog At(double[] state) => new(Until, state, []);
}
