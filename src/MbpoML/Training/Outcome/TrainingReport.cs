using MbpoML.Policies;
using MbpoML.Training.Metrics;

namespace MbpoML.Training.Outcome;

/// <summary>What a training run leaves behind.</summary>
/// <param name="Policy">The policy as it stood at the end.</param>
/// <param name="History">The metrics of every epoch, in order.</param>
/// <param name="Steps">Real environment steps taken, random ones included.</param>
/// <param name="Elapsed">The time that the run took.</param>
public sealed record TrainingReport(PolicyTransformer Policy, IReadOnlyList<EpochMetrics> History, int Steps, TimeSpan Elapsed);
