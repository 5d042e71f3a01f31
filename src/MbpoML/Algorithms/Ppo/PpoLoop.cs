using MbpoML.Acting;
using MbpoML.Numerics;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;

namespace MbpoML.Algorithms.Ppo;

/// <summary>
/// PPO without a model (J. Schulman et al., arXiv:1707.06347, algorithm 1 with one actor): the policy acts for a number of steps, then learns from exactly
/// those.
/// </summary>
/// <param name="stepsPerUpdate">Real steps from one update to the next.</param>
/// <param name="parts">What it learns with; disposed with this.</param>
internal sealed class PpoLoop(int stepsPerUpdate, PpoParts parts) : IAlgorithm
{
    /// <summary>What it learns with.</summary>
    public PpoParts State => parts;

    public string Name => "ppo";

    public IPolicy Policy => parts.Policy;

    public void Step(RunContext run)
    {
        // One step with an action drawn from the policy.
        run.Act();
        // Every so many steps an update from the transitions since the one before.
        run.Update((run.Step - run.FirstPolicyStep) % stepsPerUpdate == 0 ? 1 : 0, parts.Update);
    }

    public PolicyTransformer ToTransformer() => parts.Policy.ToTransformer();

    public IReadOnlyDictionary<string, double> TakeMetrics() => parts.Policy.TakeMetrics();

    /// <inheritdoc/>
    /// <exception cref="LearningException">Learning has diverged.</exception>
    public void ThrowIfDiverged() => (parts.Policy as IGuardedLearner)?.ThrowIfDiverged();

    public void Save(IStateWriter to) => parts.Saved.Save(to);

    public void Restore(IStateReader from) => parts.Saved.Restore(from);

    public void Restored(IStateReader from) => parts.Saved.Restored(from);

    public void Dispose() => parts.Dispose();
}
