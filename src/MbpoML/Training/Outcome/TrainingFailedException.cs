using System.Globalization;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Saving;

namespace MbpoML.Training.Outcome;

/// <summary>A training run that had begun failed. What it had learned is not lost: see <see cref="Report"/>.</summary>
/// <remarks>
/// The inner exception is the cause: an <see cref="EnvironmentException"/>, a <see cref="LearningException"/>, a <see cref="CheckpointException"/> where a
/// checkpoint could not be written, or what a stage, a schedule, a metrics writer or the receiver of progress threw.
/// </remarks>
public sealed class TrainingFailedException : Exception
{
    /// <summary>A failure that nothing is known about.</summary>
    public TrainingFailedException()
    {
    }

    /// <summary>A failure with a message.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    public TrainingFailedException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with a message and its cause.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    /// <param name="innerException">The exception that caused this one.</param>
    public TrainingFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal TrainingFailedException(int steps, TrainingReport? report, CheckpointException? unsaved, Exception cause)
        : base(string.Create(CultureInfo.InvariantCulture, $"Training failed after {steps} steps. {Say(cause).TrimEnd('.')}. {Say(report)}") +
            (unsaved is null ? "" : $" {unsaved.Message}"), cause) =>
        Report = report;

    /// <summary>The last good policy, and the metrics of all epochs that had closed. Null where the learner cannot give a policy any more.</summary>
    public TrainingReport? Report { get; }

    // What the library throws says what to do; of others the name of the type may say more than the message.
    private static string Say(Exception cause) =>
        cause is EnvironmentException or LearningException or CheckpointException ? cause.Message : $"{cause.GetType().Name}: {cause.Message}";

    private static string Say(TrainingReport? report) => report is null
        ? "The learner gives no policy any more, as the log says."
        : string.Create(CultureInfo.InvariantCulture,
            $"The last good policy and the metrics of {report.History.Count} closed epochs are in the exception's Report.");
}
