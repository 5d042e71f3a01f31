namespace MbpoML.Orleans.Grains;

/// <summary>What the grains know of time.</summary>
/// <param name="LeaseTime">A worker that gave no sign of life for so long has lost its run.</param>
/// <param name="Pause">After a failure, and while the store is full, a run is given to nobody for so long.</param>
/// <param name="Clock">Measures both.</param>
internal sealed record LeaseSettings(TimeSpan LeaseTime, TimeSpan Pause, TimeProvider Clock);
