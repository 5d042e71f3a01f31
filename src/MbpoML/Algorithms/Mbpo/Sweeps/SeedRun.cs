using MbpoML.Training.Outcome;

namespace MbpoML.Algorithms.Mbpo.Sweeps;

/// <summary>What became of one seed of a <see cref="SeedSweep"/>.</summary>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Report">Policy and metrics; of a run that was cancelled or failed, those up to then. Null where it never began.</param>
/// <param name="Exception">Why the run did not reach its end; null where it did.</param>
public sealed record SeedRun(int Seed, TrainingReport? Report, Exception? Exception)
{
    /// <summary>Whether the run reached its end.</summary>
    public bool Succeeded => Exception is null;
}
