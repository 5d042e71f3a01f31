using MbpoML.Policies;

namespace MbpoML.Training;

/// <summary>What a training run leaves behind.</summary>
/// <param name="Policy">The policy as it stood at the end.</param>
/// <param name="History">The metrics of every epoch, in order.</param>
/// <param name="Steps">Real environment steps taken, random ones included.</param>
/// <param name="Elapsed">The time the run took.</param>
public sealed record TrainingReport(PolicyTransformer Policy, IReadOnlyList<EpochMetrics> History, int Steps, TimeSpan Elapsed);
