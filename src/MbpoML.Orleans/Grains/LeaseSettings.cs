namespace MbpoML.Orleans.Grains;

/// <summary>What the grains know of time.</summary>
/// <param name="LeaseTime">The time without a sign of life after which a worker has lost its run.</param>
/// <param name="Pause">The time for which a run is given to nobody after a failure, and while the store is full.</param>
/// <param name="Clock">The clock by which the lease and the pause are measured.</param>
internal sealed record LeaseSettings(TimeSpan LeaseTime, TimeSpan Pause, TimeProvider Clock);
