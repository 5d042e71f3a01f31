namespace MbpoML.Benchmarks.Scaling;

/// <summary>What a stage takes at one size.</summary>
/// <param name="Axis">What grows.</param>
/// <param name="Value">How large it is here.</param>
/// <param name="Stage">Which stage of the algorithm.</param>
/// <param name="Threads">1 or 2.</param>
/// <param name="Seconds">Seconds per 1000 environment steps.</param>
internal sealed record ScalingPoint(string Axis, int Value, string Stage, int Threads, double Seconds);
