namespace MbpoML.Experiments.Studies;

/// <summary>What a study is about to do, or how far it is with that.</summary>
/// <param name="Study">The study, as it stands.</param>
/// <param name="Rung">The rung to which trials are trained, from 0; null for the last runs, of the best trial with fresh seeds.</param>
/// <param name="Trials">The numbers of the trials.</param>
public sealed record StudyProgress(Study Study, int? Rung, IReadOnlyList<int> Trials)
{
    /// <summary>
    /// The real steps that each run of the look has so far, in the order of trials and seeds. Workers of a cluster tell them. Null where the look begins.
    /// </summary>
    public IReadOnlyList<long>? StepsOfRuns { get; init; }
}
