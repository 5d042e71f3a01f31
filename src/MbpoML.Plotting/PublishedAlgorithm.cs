namespace MbpoML.Plotting;

/// <summary>An algorithm with published learning curves.</summary>
/// <param name="Name">The short name that tables and command lines use, as in "dhmbpo-utd2".</param>
/// <param name="Label">What pictures call it, as in "DHMBPO, 2 updates a step".</param>
/// <param name="Source">The publication that its curves come from.</param>
public sealed record PublishedAlgorithm(string Name, string Label, PublishedSource Source);
