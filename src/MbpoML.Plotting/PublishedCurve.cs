namespace MbpoML.Plotting;

/// <summary>What others published for an algorithm on a task.</summary>
/// <param name="Algorithm">The algorithm, with the source of its curves.</param>
/// <param name="Average">Mean and standard deviation over their seeds; the deviation is the population's.</param>
/// <param name="WallClockSeconds">What their run had taken by each of the average's steps, on their machine; empty where that was not recorded.</param>
public sealed record PublishedCurve(PublishedAlgorithm Algorithm, SeedAverage Average, IReadOnlyList<double> WallClockSeconds);
