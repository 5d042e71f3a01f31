using MbpoML.Catalog;

namespace MbpoML.Data;

/// <summary>One step of an environment, for those who have their transitions as objects. See <see cref="DataCatalog.FromTransitions"/>.</summary>
public sealed class Transition
{
    /// <summary>The observation before the step, [observation].</summary>
    public required float[] Observation { get; init; }

    /// <summary>The action taken, [action], in the environment's units.</summary>
    public required float[] Action { get; init; }

    /// <summary>The reward of the step.</summary>
    public required float Reward { get; init; }

    /// <summary>The observation after the step, [observation].</summary>
    public required float[] NextObservation { get; init; }

    /// <summary>The task ended with this step: the value of the next observation is zero.</summary>
    public bool Terminated { get; init; }

    /// <summary>Only the clock or the recording ended with this step: the value of the next observation goes on.</summary>
    public bool Truncated { get; init; }

    /// <summary>The number of the episode, for splitting whole episodes.</summary>
    public int EpisodeId { get; init; }
}
