using MbpoML.Saving;

namespace MbpoML.Training.Outcome;

/// <summary>A training run was cancelled through its token. What it had learned is not lost: see <see cref="Report"/>.</summary>
/// <remarks>
/// A cancellation that this token did not ask for, such as the timeout of a request inside the environment, is a fault: a
/// <see cref="TrainingFailedException"/>.
/// </remarks>
public sealed class TrainingCanceledException : OperationCanceledException
{
    /// <summary>A cancellation that nothing is known about.</summary>
    public TrainingCanceledException()
    {
    }

    /// <summary>A cancellation with a message.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    public TrainingCanceledException(string message)
        : base(message)
    {
    }

    /// <summary>A cancellation with a message and its cause.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    /// <param name="innerException">The exception that caused this one.</param>
    public TrainingCanceledException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal TrainingCanceledException(int steps, TrainingReport? report, CheckpointException? unsaved, Exception cause, CancellationToken cancellationToken)
        : base(
            Invariant($"Training was cancelled after {steps} steps. ") +
            (report is null ? "The learner gives no policy any more, as the log says."
                : "The policy and the metrics up to then are in the exception's Report.") +
            (unsaved is null ? "" : $" {unsaved.Message}"),
            cause, cancellationToken) =>
        Report = report;

    /// <summary>The policy and the metrics up to the cancellation. Null where the learner cannot give a policy any more.</summary>
    public TrainingReport? Report { get; }
}
