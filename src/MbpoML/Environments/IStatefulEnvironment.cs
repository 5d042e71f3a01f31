using MbpoML.Environments.Wrappers;

namespace MbpoML.Environments;

/// <summary>An environment whose state can be read and set, so that an episode can be stopped and continued exactly, or started from a chosen state.</summary>
/// <remarks>
/// Ask <see cref="EnvironmentExtensions.AsStateful"/> rather than the type: a wrapper has a state only where the environment that it wraps has one.
/// </remarks>
public interface IStatefulEnvironment : IEnvironment
{
    /// <summary>The number of values in the state.</summary>
    int StateSize { get; }

    /// <summary>Writes everything that, with the actions to come, determines the rest of the episode: physical state, elapsed steps, random stream.</summary>
    /// <param name="state">Receives the state, [<see cref="StateSize"/>].</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    void GetState(Span<double> state);

    /// <summary>
    /// Puts the environment where <see cref="GetState"/> was called; the next step then gives the same result, bit for bit. No reset is needed before it.
    /// </summary>
    /// <param name="state">A state that <see cref="GetState"/> wrote, [<see cref="StateSize"/>].</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    void SetState(ReadOnlySpan<double> state);
}
