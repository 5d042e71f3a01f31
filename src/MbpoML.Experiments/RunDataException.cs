namespace MbpoML.Experiments;

/// <summary>
/// A run does not have what is asked of it: a checkpoint, a policy, an evaluation or metrics that can be read; or its environment cannot be made. The message
/// says why.
/// </summary>
public sealed class RunDataException : Exception
{
    /// <summary>A run of which nothing is known.</summary>
    public RunDataException()
    {
    }

    /// <summary>A run with a message.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    public RunDataException(string message)
        : base(message)
    {
    }

    /// <summary>A run with a message and the cause.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    /// <param name="innerException">The exception that caused this one.</param>
    public RunDataException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
