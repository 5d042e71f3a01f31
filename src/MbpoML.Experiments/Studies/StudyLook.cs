namespace MbpoML.Experiments.Studies;

/// <summary>The runs that a study asks for together. It decides nothing before all of them are over.</summary>
/// <param name="Rung">The rung to which trials are trained, from 0; null for the last runs, of the best trial with fresh seeds.</param>
/// <param name="Runs">The runs, by trial and seed.</param>
public sealed record StudyLook(int? Rung, IReadOnlyList<StudyRun> Runs)
{
    /// <summary>The numbers of the trials.</summary>
    public IReadOnlyList<int> Trials => [.. Runs.Select(run => run.Trial).Distinct()];

    /// <inheritdoc/>
    public bool Equals(StudyLook? other) => other is not null && Rung == other.Rung && Runs.SequenceEqual(other.Runs);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rung, Runs.Count);
}
