namespace MbpoML.Dashboard.Runs;

/// <summary>A trial of a study.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Status">"open", "pruned", "failed" or "finished".</param>
/// <param name="Place">Where it lies on each axis, from 0 to 1.</param>
/// <param name="Values">Its options as text, one for each axis.</param>
/// <param name="Returns">Its mean return at each look that it reached.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
internal sealed record TrialSummary(
    int Number, string Status, IReadOnlyList<double> Place, IReadOnlyList<string> Values, IReadOnlyList<double> Returns, string? Failure);
