namespace MbpoML.Rollouts;

/// <summary>What a rollout schedule may look at when it chooses a length.</summary>
/// <param name="Epoch">The epoch that is running, from 0, counted from the end of the random exploration.</param>
/// <param name="Step">Real environment steps so far, random ones included.</param>
public readonly record struct RolloutScheduleContext(int Epoch, int Step);
