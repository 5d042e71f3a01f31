using MbpoML.Environments.Functions;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Environments;

/// <summary>A task to be controlled: a simulator, a machine, a game.</summary>
/// <remarks>
/// To bring your own, implement the two spaces, <see cref="Reset"/> and <see cref="Step"/>; the rest has defaults. Everything is in the environment's own
/// units; scaling is done by MbpoML. Implement <see cref="IStatefulEnvironment"/> where the state can be read and set.
/// One thread makes every call of an environment during a run, whatever the options. Calls are checked by MbpoML (<see cref="CheckedEnvironment"/>), so an
/// implementation need not check them again.
/// </remarks>
public interface IEnvironment : IDisposable
{
    /// <summary>The observations: [observation].</summary>
    BoxSpace ObservationSpace { get; }

    /// <summary>The actions: [action]; bounds must be finite to train a policy.</summary>
    BoxSpace ActionSpace { get; }

    /// <summary>Tells the imagined transitions that end the task, or null when the task never terminates.</summary>
    ITerminationFunction? Termination => null;

    /// <summary>The reward of imagined transitions where it is known, or null to have the dynamics model learn it (the default, as in the paper).</summary>
    IRewardFunction? Reward => null;

    /// <summary>
    /// Whether the first observation and the actions decide everything that happens in an episode: no step draws anything, and the reset draws nothing that the
    /// observation does not show. Default: false, not known.
    /// </summary>
    /// <remarks>
    /// Say so where it is true: the trainer then sees a policy that exploits its model much earlier, because an episode cannot just have been unlucky. It
    /// cannot find out by itself, since equal seeds and equal actions give equal episodes of a noisy environment, too.
    /// </remarks>
    bool IsDeterministic => false;

    /// <summary>
    /// The most steps that an episode has, where it is known beforehand, or null. It only says so: <see cref="Step"/> or <see cref="TimeLimitEnvironment"/>
    /// truncates. A run for which no settings are given chooses them by it.
    /// </summary>
    int? MaxEpisodeSteps => null;

    /// <summary>Starts an episode.</summary>
    /// <param name="seed">The seed of all random numbers of the episode: equal seeds and equal actions give equal episodes.</param>
    /// <param name="observation">Receives the first observation, [observation].</param>
    /// <exception cref="ArgumentException">A span has another length than its space; tasks and wrappers of MbpoML check it, other implementations need
    /// not.</exception>
    void Reset(int seed, Span<double> observation);

    /// <summary>Advances by one step, without allocating.</summary>
    /// <param name="action">The action, [action], in the units of <see cref="ActionSpace"/>.</param>
    /// <param name="observation">Receives the next observation, [observation], also when the episode ends.</param>
    /// <exception cref="ArgumentException">A span has another length than its space; tasks and wrappers of MbpoML check it, other implementations need
    /// not.</exception>
    StepResult Step(ReadOnlySpan<double> action, Span<double> observation);

    /// <summary>Gives back what the environment holds; by default it holds nothing.</summary>
    void IDisposable.Dispose() => GC.SuppressFinalize(this);
}
