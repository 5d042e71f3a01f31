namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>What a log says of a policy: a verdict, and everything that it stands on.</summary>
public sealed record JudgeReport
{
    /// <summary>The verdict on the policy.</summary>
    public required OfflineVerdict Verdict { get; init; }

    /// <summary>The verdict in one or two sentences, with its numbers.</summary>
    public required string Summary { get; init; }

    /// <summary>Why it is so, a sentence each.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Which data would decide, a sentence each; empty where it is decided.</summary>
    public required IReadOnlyList<string> DataWanted { get; init; }

    /// <summary>The lowest confidence of the estimates that the policy is better, from 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>Fitted Q evaluation: discounted values from the starts on, without end.</summary>
    public required ComparedEstimate FittedQ { get; init; }

    /// <summary>The members of the model: undiscounted returns over <see cref="LogFacts.Horizon"/> steps.</summary>
    public required ComparedEstimate Model { get; init; }

    /// <summary>How far the policy's states and actions lie from the log.</summary>
    public required DataDistance Distance { get; init; }

    /// <summary>How well the model foretells held-out episodes.</summary>
    public required ModelCalibration Calibration { get; init; }

    /// <summary>The log, and where the estimates begin.</summary>
    public required LogFacts Log { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Verdict}: {Summary}";
}
