namespace MbpoML.Saving;

/// <summary>
/// A checkpoint cannot be read or does not belong to the run: it is cut off, damaged, of another format, or of other options. The message says which and what
/// to do.
/// </summary>
public sealed class CheckpointException : Exception
{
    /// <summary>An error without a message.</summary>
    public CheckpointException()
    {
    }

    /// <summary>An error with a message.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a message and its cause.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    /// <param name="innerException">The exception that caused this one.</param>
    public CheckpointException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
