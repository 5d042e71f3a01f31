using System.Collections.Immutable;

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

    /// <summary>Rollouts begin: the same with the model and the real transitions, for rules that look at them. By default only their number is told.</summary>
    /// <param name="beginning">Their number, the model and the real transitions.</param>
    void Begin(RolloutBeginning beginning) => Begin(beginning.Rollouts);

    /// <summary>Judges one step of a batch of rollouts that are still under way.</summary>
    /// <param name="step">The step, whose tensors are lent.</param>
    /// <returns>The verdict, whose tensors are taken over.</returns>
    RolloutVerdict Judge(RolloutStep step);

    /// <summary>The rollouts are over, or were given up: what was kept for them can go. By default nothing is done.</summary>
    void End()
    {
    }

    /// <summary>What the rule measured at the last branching, by metric name; by default nothing.</summary>
    IReadOnlyDictionary<string, double> TakeMetrics() => ImmutableDictionary<string, double>.Empty;

    /// <summary>
    /// The rule as a run of its own uses it. One that remembers across branchings gives a new one with the same settings and no memory, so that equal seeds
    /// give equal runs and runs side by side share nothing. By default the rule itself.
    /// </summary>
    IRolloutRule ForRun() => this;
}
