using MbpoML.Training.Outcome;

namespace CustomEnvironment;

/// <summary>One line for each epoch that was evaluated.</summary>
internal sealed class EpochLines : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.EpochMetrics?.EvaluationReturn is { } evaluation)
            Console.WriteLine(FormattableString.Invariant($"after {value.Step} steps: return {evaluation:F1}"));
    }
}
