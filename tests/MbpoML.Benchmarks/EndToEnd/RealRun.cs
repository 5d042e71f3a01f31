namespace MbpoML.Benchmarks.EndToEnd;

/// <summary>The run, at the moment of interest, that a measurement stands for; the measurement itself refits and evaluates more often.</summary>
/// <param name="RolloutLength">k by then.</param>
/// <param name="RefitInterval">Environment steps between two refits.</param>
/// <param name="EpochLength">Environment steps between two evaluations.</param>
internal sealed record RealRun(int RolloutLength, int RefitInterval, int EpochLength);
