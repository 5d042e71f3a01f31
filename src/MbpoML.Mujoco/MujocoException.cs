namespace MbpoML.Mujoco;

/// <summary>MuJoCo refused a model, or its simulation failed: it became unstable, or its buffers were too small. The message holds what MuJoCo said.</summary>
public sealed class MujocoException : Exception
{
    /// <summary>An error without a message.</summary>
    public MujocoException()
    {
    }

    /// <summary>An error with a message.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    public MujocoException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a message and its cause.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    /// <param name="innerException">The exception that caused this one.</param>
    public MujocoException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
