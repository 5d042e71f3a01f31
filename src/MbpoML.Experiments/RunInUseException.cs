namespace MbpoML.Experiments;

/// <summary>The folder of a run is in use: another process, or another trainer of this one, trains the run now.</summary>
public sealed class RunInUseException : RunFolderException
{
    /// <summary>A folder of which nothing is known.</summary>
    public RunInUseException()
    {
    }

    /// <summary>A folder with a message.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    public RunInUseException(string message)
        : base(message)
    {
    }

    /// <summary>A folder with a message and the cause.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    /// <param name="innerException">The exception that caused this one.</param>
    public RunInUseException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
