namespace MbpoML.Orleans.Collecting;

/// <summary>How a collector stands to a call.</summary>
internal enum CollectorStanding
{
    /// <summary>The answer is there.</summary>
    Answered,

    /// <summary>It is still at work: the call is to be made again. It is a sign of life.</summary>
    AtWork,

    /// <summary>It does not have the simulator, or not at that move: it needs the log.</summary>
    Unknown,

    /// <summary>It steps as many simulators as it may.</summary>
    Full,

    /// <summary>The call is of an old epoch.</summary>
    Old,
}
