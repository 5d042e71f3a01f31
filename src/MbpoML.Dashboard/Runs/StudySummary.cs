namespace MbpoML.Dashboard.Runs;

/// <summary>What the page tells of a study.</summary>
/// <param name="Id">What the page calls it by.</param>
/// <param name="Name">Its folder.</param>
/// <param name="Task">The task or environment.</param>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Sampler">What proposes its trials.</param>
/// <param name="PlannedTrials">The trials that it is to have in all.</param>
/// <param name="Rungs">Looks at a generation.</param>
/// <param name="Parameters">What it varies.</param>
/// <param name="Trials">Its trials so far, by number.</param>
/// <param name="Winner">The best trial, with what fresh seeds gave; null before the choice.</param>
/// <param name="Notes">What could not be read, in sentences.</param>
internal sealed record StudySummary(
    string Id, string Name, string Task, string Algorithm, string Sampler, int PlannedTrials, int Rungs, IReadOnlyList<ParameterSummary> Parameters,
    IReadOnlyList<TrialSummary> Trials, WinnerSummary? Winner, IReadOnlyList<string> Notes);
