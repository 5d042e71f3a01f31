namespace MbpoML.Experiments.Studies;

/// <summary>What a sampler knows of an earlier trial.</summary>
/// <param name="Trial">Its number, from 0.</param>
/// <param name="Place">Where it lies, a number from 0 to 1 for each parameter.</param>
/// <param name="Rung">The last rung that it reached, from 0; -1 where it failed before the first.</param>
/// <param name="Value">Its mean return there; negative infinity where it has none.</param>
public sealed record StudyObservation(int Trial, IReadOnlyList<double> Place, int Rung, double Value) : IComparable<StudyObservation>
{
    /// <summary>The better one comes first: whoever got further was among the best before; at equal rungs the larger return counts, then the earlier trial.</summary>
    /// <inheritdoc/>
    public int CompareTo(StudyObservation? other) => other is null ? -1
        : (other.Rung, other.Value, Trial).CompareTo((Rung, Value, other.Trial));
}
