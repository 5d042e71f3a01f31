namespace MbpoML.Imagination;

/// <summary>Chooses k, the number of imagined steps a rollout, each time the model was refitted. See <see cref="RolloutSchedule"/> for the paper's.</summary>
public interface IRolloutSchedule
{
    /// <summary>Whether <see cref="RolloutScheduleContext.Trust"/> is to be measured, which needs the probabilistic ensemble. Default: no.</summary>
    bool NeedsTrust => false;

    /// <summary>Chooses the length of the rollouts until the next refit.</summary>
    /// <param name="context">The epoch, the steps so far and what was measured of the model.</param>
    /// <returns>k, the imagined steps of a rollout, at least 1.</returns>
    int GetLength(RolloutScheduleContext context);
}
