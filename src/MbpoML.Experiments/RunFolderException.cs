namespace MbpoML.Experiments;

/// <summary>
/// The folder of a run cannot be used as it is asked for: another run or something else is in it, or a part of its run is missing. The message says what to do;
/// nothing was written.
/// </summary>
public class RunFolderException : Exception
{
    /// <summary>A folder of which nothing is known.</summary>
    public RunFolderException()
    {
    }

    /// <summary>A folder with a message.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    public RunFolderException(string message)
        : base(message)
    {
    }

    /// <summary>A folder with a message and the cause.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    /// <param name="innerException">The exception that caused this one.</param>
    public RunFolderException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
