namespace MbpoML.Experiments;

/// <summary>How a run stands.</summary>
public enum RunStatus
{
    /// <summary>It has begun; nothing else is known.</summary>
    Running,

    /// <summary>It has taken all its steps.</summary>
    Finished,

    /// <summary>It was stopped by a signal and has a checkpoint.</summary>
    Interrupted,

    /// <summary>It ended with an error.</summary>
    Failed,
}
