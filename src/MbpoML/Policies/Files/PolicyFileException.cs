namespace MbpoML.Policies.Files;

/// <summary>A file is no policy that MbpoML wrote, is damaged or cut off, is larger than allowed, or cannot be opened. The message says which.</summary>
public sealed class PolicyFileException : Exception
{
    /// <summary>An error without a message.</summary>
    public PolicyFileException()
    {
    }

    /// <summary>An error with a message.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    public PolicyFileException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a message and its cause.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    /// <param name="innerException">The exception that caused this one.</param>
    public PolicyFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
