namespace MbpoML.Training;

/// <summary>
/// Receives the real steps of a run as they are made, random ones included. It is for an algorithm that keeps more than transitions, such as whole episodes of
/// frames.
/// </summary>
/// <remarks>What it keeps is saved with the algorithm. An episode that failed or was cut goes on with no step: the next one just begins.</remarks>
public interface IEpisodeSink
{
    /// <summary>Tells that an episode begins.</summary>
    /// <param name="observation">The first observation, [observation], in the environment's units.</param>
    void Begin(ReadOnlySpan<double> observation);

    /// <summary>Looks at a step before it counts, so that one that cannot be kept is a fault of the environment and leaves nothing behind.</summary>
    /// <param name="next">The observation after the step, [observation].</param>
    /// <exception cref="Environments.EnvironmentException">The observation cannot be kept.</exception>
    void Check(ReadOnlySpan<double> next);

    /// <summary>A step was made.</summary>
    /// <param name="action">The action of the step, [action], in the environment's units.</param>
    /// <param name="reward">The reward of the step.</param>
    /// <param name="next">The observation after the step, [observation].</param>
    /// <param name="terminated">Whether the task ended with this step.</param>
    /// <param name="truncated">Only the clock ended the episode.</param>
    void Add(ReadOnlySpan<double> action, double reward, ReadOnlySpan<double> next, bool terminated, bool truncated);
}
