namespace MbpoML.Data.Replay;

/// <summary>Where a replay pool stood at a moment.</summary>
/// <param name="Ring">The ring of its storage.</param>
/// <param name="TotalAdded">The rows ever added by then.</param>
internal readonly record struct PoolMark((long Count, long Start) Ring, long TotalAdded);
