namespace MbpoML.Experiments.Reports;

/// <summary>One evaluation of a run.</summary>
/// <param name="Step">Real environment steps taken before it.</param>
/// <param name="Return">The mean return of its episodes.</param>
/// <param name="Length">Their mean length in steps; null where it was not recorded.</param>
/// <param name="Seconds">Seconds of training up to it, those of all sessions together.</param>
public sealed record RunEvaluation(long Step, double Return, double? Length, double Seconds);
