using MbpoML.Numerics.Torch;

namespace MbpoML.Experiments;

/// <summary>One stretch of a run, from a start to a stop, in one process.</summary>
/// <param name="Started">The time at which it began.</param>
/// <param name="Machine">The machine on which it ran.</param>
/// <param name="Ended">When it ended; null while it runs, and for good where the process was killed.</param>
public sealed record RunSession(DateTimeOffset Started, Machine Machine, DateTimeOffset? Ended = null);
