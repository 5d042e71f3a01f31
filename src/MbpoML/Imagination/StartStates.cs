namespace MbpoML.Imagination;

/// <summary>Where imagined episodes begin.</summary>
public enum StartStates
{
    /// <summary>Where the environment begins its episodes: it is reset for each, and no step is made. As in ME-TRPO.</summary>
    Resets,

    /// <summary>Where the episodes of the real transitions began.</summary>
    Episodes,

    /// <summary>Anywhere: at the states of the real transitions, as the rollouts of MBPO.</summary>
    Transitions,
}
