namespace MbpoML.Imagination;

/// <summary>What a rollout schedule may look at when it chooses a length.</summary>
/// <param name="Epoch">The epoch that is running, from 0, counted from the end of the random exploration.</param>
/// <param name="Step">Real environment steps so far, random ones included.</param>
/// <param name="Trust">What was measured, for a schedule that asks for it (<see cref="IRolloutSchedule.NeedsTrust"/>); null until there is something to
/// measure: a model, and transitions newer than it.</param>
public readonly record struct RolloutScheduleContext(int Epoch, int Step, ModelTrust? Trust = null);
