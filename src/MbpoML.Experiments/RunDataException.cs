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
    public RunDataException(string message)
        : base(message)
    {
    }

    /// <summary>A run with a message and the cause.</summary>
    public RunDataException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
