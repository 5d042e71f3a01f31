namespace MbpoML.Training;

/// <summary>A training run was cancelled through its token. What it had learned is not lost: see <see cref="Report"/>.</summary>
public sealed class TrainingCanceledException : OperationCanceledException
{
    /// <summary>A cancellation that nothing is known about.</summary>
    public TrainingCanceledException()
    {
    }

    /// <summary>A cancellation with a message.</summary>
    public TrainingCanceledException(string message)
        : base(message)
    {
    }

    /// <summary>A cancellation with a message and its cause.</summary>
    public TrainingCanceledException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal TrainingCanceledException(TrainingReport report, OperationCanceledException cause, CancellationToken cancellationToken)
        : base($"Training was cancelled after {report.Steps} steps. The policy and the metrics up to then are in the exception's Report.", cause, cancellationToken) =>
        Report = report;

    /// <summary>The policy and the metrics up to the cancellation.</summary>
    public TrainingReport? Report { get; }
}
