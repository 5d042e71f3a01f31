using MbpoML.Training.Outcome;

namespace MbpoML.Algorithms.Mbpo.Sweeps;

/// <summary>A sign of life of one seed of a <see cref="SeedSweep"/>.</summary>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Progress">What the run is doing, and the steps that it has taken.</param>
public sealed record SeedProgress(int Seed, TrainingProgress Progress);
