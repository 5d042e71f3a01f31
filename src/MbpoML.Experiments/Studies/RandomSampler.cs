using MbpoML.Numerics.Random;

namespace MbpoML.Experiments.Studies;

/// <summary>Each trial anywhere, whatever the others gave: the yardstick of all samplers, and hard to beat with few trials.</summary>
public sealed class RandomSampler : IStudySampler
{
    /// <inheritdoc/>
    public IReadOnlyList<double> Propose(IReadOnlyList<StudyParameter> space, int trial, int seed, IReadOnlyList<StudyObservation> observations)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(observations);
        var source = SourceOf(trial, seed);
        return [.. space.Select(_ => source.NextDouble())];
    }

    /// <summary>The random numbers of a trial.</summary>
    internal static RandomSource SourceOf(int trial, int seed) => new(Seeds.Derive(seed, "study-trial", trial));
}
