namespace MbpoML.Environments;

/// <summary>An environment failed: it threw, did not come back in time, or gave a reward or an observation that is not a finite number.</summary>
public sealed class EnvironmentException : Exception
{
    /// <summary>An error without a message.</summary>
    public EnvironmentException()
    {
    }

    /// <summary>An error with a message.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    public EnvironmentException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a message and its cause.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    /// <param name="innerException">The exception that caused this one.</param>
    public EnvironmentException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An error at a known moment.</summary>
    /// <param name="message">What is wrong, with the value and the dimension.</param>
    /// <param name="episode">The number of the episode, as in <see cref="Episode"/>.</param>
    /// <param name="step">The number of the step, as in <see cref="Step"/>.</param>
    public EnvironmentException(string message, int episode, int step)
        : base(message)
    {
        Episode = episode;
        Step = step;
    }

    /// <summary>An error at a known moment with its cause.</summary>
    /// <param name="message">What is wrong, in whole sentences.</param>
    /// <param name="innerException">The exception that the environment threw.</param>
    /// <param name="episode">The number of the episode, as in <see cref="Episode"/>.</param>
    /// <param name="step">The number of the step, as in <see cref="Step"/>.</param>
    public EnvironmentException(string message, Exception innerException, int episode, int step)
        : base(message, innerException)
    {
        Episode = episode;
        Step = step;
    }

    /// <summary>The episode in which it happened, counted from 1; 0 where unknown.</summary>
    public int Episode { get; }

    /// <summary>The step of that episode, counted from 1; 0 is the reset.</summary>
    public int Step { get; }
}
