namespace MbpoML.Plotting;

/// <summary>What others published for an algorithm on a task.</summary>
/// <param name="Average">Mean and standard deviation over their seeds; the deviation is the population's.</param>
/// <param name="WallClockSeconds">What their run had taken by each of the average's steps, on their machine.</param>
public sealed record PublishedCurve(SeedAverage Average, IReadOnlyList<double> WallClockSeconds);
