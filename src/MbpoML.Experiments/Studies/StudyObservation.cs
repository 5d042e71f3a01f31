namespace MbpoML.Experiments.Studies;

/// <summary>What a sampler knows of an earlier trial.</summary>
/// <param name="Trial">The number of the trial, from 0.</param>
/// <param name="Place">Where it lies, a number from 0 to 1 for each parameter.</param>
/// <param name="Rung">The last rung that it reached, from 0; -1 where it failed before the first.</param>
/// <param name="Value">Its mean return there; negative infinity where it has none.</param>
public sealed record StudyObservation(int Trial, IReadOnlyList<double> Place, int Rung, double Value)
{
    /// <summary>
    /// The better one comes first: whoever got further was among the best before; at equal rungs the larger return counts, then the earlier trial.
    /// </summary>
    public static IComparer<StudyObservation> BetterFirst { get; } =
        Comparer<StudyObservation>.Create((one, other) => (other.Rung, other.Value, one.Trial).CompareTo((one.Rung, one.Value, other.Trial)));
}
