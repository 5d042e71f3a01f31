namespace MbpoML.Acting;

/// <summary>A policy at work whose draws are a function of standard normal noise, so that the noise may come from elsewhere.</summary>
/// <remarks>Exploration with pink noise needs it: each number is standard normal by itself, but those of one action dimension hang together.</remarks>
public interface INoisyActor : IActor
{
    /// <summary>Chooses the next action of a single episode from given noise, from and to the doubles of an environment.</summary>
    /// <param name="observation">The observation, [observation], in the environment's units.</param>
    /// <param name="noise">Standard normal numbers, [action]: the ε of tanh(μ + σ ε), for instance.</param>
    /// <param name="action">Receives the action, [action], in the environment's units.</param>
    void Act(ReadOnlySpan<double> observation, ReadOnlySpan<float> noise, Span<double> action);
}
