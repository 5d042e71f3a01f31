namespace MbpoML.Orleans.Collecting;

/// <summary>One call of a simulator: a reset, or a step.</summary>
/// <param name="Seed">Decides the episode that a reset begins; of no meaning for a step.</param>
/// <param name="Action">[action], environment units; null for a reset.</param>
[GenerateSerializer]
internal sealed record SimulatorMove([property: Id(0)] int Seed, [property: Id(1)] double[]? Action)
{
    /// <summary>Whether it begins an episode, so that nothing before it matters any more.</summary>
    public bool IsReset => Action is null;
}
