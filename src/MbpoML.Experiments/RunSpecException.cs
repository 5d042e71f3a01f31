using MbpoML.Numerics;

namespace MbpoML.Experiments;

/// <summary>
/// A run is specified in a way that cannot be: it names a task, an option, a seed or a folder that there is not, or a file of options cannot be used. The
/// message says what is allowed; nothing was done.
/// </summary>
public sealed class RunSpecException : Exception
{
    /// <summary>A specification of which nothing is known.</summary>
    public RunSpecException()
    {
    }

    /// <summary>A specification with a message.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    public RunSpecException(string message)
        : base(message)
    {
    }

    /// <summary>A specification with a message and the cause.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    /// <param name="innerException">The exception that caused this one.</param>
    public RunSpecException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A name that is none.</summary>
    /// <param name="what">What it should name, as in "task".</param>
    /// <param name="name">What was written.</param>
    /// <param name="allowed">What there is.</param>
    internal static RunSpecException Unknown(string what, string name, IReadOnlyList<string> allowed) =>
        new($"There is no {what} '{name}'. Did you mean {NearestNames.To(name, allowed, 1)[0]}? There are: {string.Join(", ", allowed)}.");
}
