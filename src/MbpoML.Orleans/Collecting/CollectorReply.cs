namespace MbpoML.Orleans.Collecting;

/// <summary>What a collector says to a call.</summary>
/// <param name="Standing">How it stands.</param>
/// <param name="Answer">The answer; null where there is none yet.</param>
[GenerateSerializer]
internal sealed record CollectorReply([property: Id(0)] CollectorStanding Standing, [property: Id(1)] SimulatorAnswer? Answer = null);
