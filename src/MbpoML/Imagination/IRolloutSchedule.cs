namespace MbpoML.Imagination;

/// <summary>Chooses k, the number of imagined steps a rollout, each time the model was refitted. See <see cref="RolloutSchedule"/> for the paper's.</summary>
public interface IRolloutSchedule
{
    /// <summary>Whether <see cref="RolloutScheduleContext.Trust"/> is to be measured, which needs the probabilistic ensemble. Default: no.</summary>
    bool NeedsTrust => false;

    /// <summary>k for what follows, at least 1.</summary>
    int GetLength(RolloutScheduleContext context);
}
