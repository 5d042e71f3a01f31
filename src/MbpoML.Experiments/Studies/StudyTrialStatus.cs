namespace MbpoML.Experiments.Studies;

/// <summary>How a trial of a study stands.</summary>
public enum StudyTrialStatus
{
    /// <summary>It is proposed, and trains or waits.</summary>
    Open,

    /// <summary>Others of its generation were better at a rung: it was stopped there.</summary>
    Pruned,

    /// <summary>A run of it failed.</summary>
    Failed,

    /// <summary>It has taken all its steps.</summary>
    Finished,
}
