namespace MbpoML.Experiments.Studies;

/// <summary>What a study is about to do.</summary>
/// <param name="Study">The study, as it stands.</param>
/// <param name="Rung">The rung to which trials are trained, from 0; null for the last runs, of the best trial with fresh seeds.</param>
/// <param name="Trials">The numbers of the trials.</param>
public sealed record StudyProgress(Study Study, int? Rung, IReadOnlyList<int> Trials);
