namespace MbpoML.Training;

/// <summary>What makes a run the one that it is.</summary>
/// <param name="Seed">The seed of all random numbers.</param>
/// <param name="Settings">What a checkpoint says of the run's settings.</param>
internal sealed record RunIdentity(int Seed, string Settings = "");
