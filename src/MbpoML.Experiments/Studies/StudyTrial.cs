namespace MbpoML.Experiments.Studies;

/// <summary>One point of the space, tried with several seeds.</summary>
/// <param name="Number">The number of the trial, from 0.</param>
/// <param name="Place">Where it lies, a number from 0 to 1 for each parameter.</param>
/// <param name="Assignments">Its options, as in "Policy.LearningRate=0.001".</param>
public sealed record StudyTrial(int Number, IReadOnlyList<double> Place, IReadOnlyList<string> Assignments)
{
    /// <summary>How far the trial has come.</summary>
    public StudyTrialStatus Status { get; init; } = StudyTrialStatus.Open;

    /// <summary>Its mean return over seeds at each rung that it reached.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>The value that ranks it: that of the last rung; null before the first.</summary>
    public double? Value => Values.Count == 0 ? null : Values[^1];

    internal StudyObservation Observation => new(Number, Place, Values.Count - 1, Value ?? double.NegativeInfinity);
}
