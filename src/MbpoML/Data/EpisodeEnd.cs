namespace MbpoML.Data;

/// <summary>How an episode of a pool ended.</summary>
internal enum EpisodeEnd
{
    /// <summary>It is under way, or another one was begun.</summary>
    None,

    /// <summary>The task ended.</summary>
    Terminated,

    /// <summary>Only the clock ended it.</summary>
    Truncated,
}
