using MbpoML.Training.Outcome;

namespace MbpoML.Algorithms.Mbpo.Sweeps;

/// <summary>A sign of life of one seed of a <see cref="SeedSweep"/>.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Progress">What its run does.</param>
public sealed record SeedProgress(int Seed, TrainingProgress Progress);
