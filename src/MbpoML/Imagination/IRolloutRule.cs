namespace MbpoML.Imagination;

/// <summary>Judges the steps of imagined rollouts: a rollout goes on or stops, a step is kept or dropped, its reward is penalised.</summary>
/// <remarks>
/// A rule sees which row each step belongs to, and may remember across steps and from one time at which rollouts are branched to the next. One that remembers
/// is an <see cref="Saving.ISaved"/>: it is saved with the run, and put back when a branching is stopped in the middle.
/// </remarks>
public interface IRolloutRule
{
    /// <summary>Rollouts begin. By default nothing is done.</summary>
    /// <param name="rollouts">Their number; the rows of the steps that follow are numbered below it.</param>
    void Begin(long rollouts)
    {
    }

    /// <summary>Judges one step of a batch of rollouts that are still under way.</summary>
    /// <param name="step">The step, whose tensors are lent.</param>
    /// <returns>The verdict, whose tensors are taken over.</returns>
    RolloutVerdict Judge(RolloutStep step);
}
