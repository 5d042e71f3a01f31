using System.Globalization;

namespace MbpoML.Training;

/// <summary>A training run that had begun failed, by a fault of the environment or of learning. What it had learned is not lost: see <see cref="Report"/>.</summary>
/// <remarks>The inner exception is the cause: an <see cref="Environments.EnvironmentException"/> or a <see cref="LearningException"/>.</remarks>
public sealed class TrainingFailedException : Exception
{
    /// <summary>A failure that nothing is known about.</summary>
    public TrainingFailedException()
    {
    }

    /// <summary>A failure with a message.</summary>
    public TrainingFailedException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with a message and its cause.</summary>
    public TrainingFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal TrainingFailedException(TrainingReport report, CheckpointException? unsaved, Exception cause)
        : base(
            string.Create(CultureInfo.InvariantCulture, $"Training failed after {report.Steps} steps. {cause.Message} ") +
            string.Create(CultureInfo.InvariantCulture, $"The last good policy and the metrics of {report.History.Count} closed epochs are in the exception's Report.") +
            (unsaved is null ? "" : $" {unsaved.Message}"),
            cause) =>
        Report = report;

    /// <summary>The last good policy, and the metrics of all epochs that had closed.</summary>
    public TrainingReport? Report { get; }
}
