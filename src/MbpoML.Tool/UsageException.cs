using MbpoML.Numerics;

namespace MbpoML.Tool;

/// <summary>The command line asks for something that there is not; the message says what is allowed.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>A name that is none.</summary>
    /// <param name="what">What it should name, as in "task".</param>
    /// <param name="name">What was written.</param>
    /// <param name="allowed">What there is.</param>
    public static UsageException Unknown(string what, string name, IReadOnlyList<string> allowed) =>
        new($"There is no {what} '{name}'. Did you mean {NearestNames.To(name, allowed, 1)[0]}? There are: {string.Join(", ", allowed)}.");
}
