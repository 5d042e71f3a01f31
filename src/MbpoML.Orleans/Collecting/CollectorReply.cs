namespace MbpoML.Orleans.Collecting;

/// <summary>What a collector says to a call.</summary>
/// <param name="Standing">What became of the call: answered, still at work, or refused for a reason.</param>
/// <param name="Answer">What the simulator gave to the move; null where there is no answer yet.</param>
[GenerateSerializer]
internal sealed record CollectorReply([property: Id(0)] CollectorStanding Standing, [property: Id(1)] SimulatorAnswer? Answer = null);
