using MbpoML.Acting;
using MbpoML.Numerics;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Metrics;

namespace MbpoML.Algorithms.MeTrpo;

/// <summary>
/// ME-TRPO (T. Kurutach, I. Clavera, Y. Duan, A. Tamar and P. Abbeel, "Model-ensemble trust-region policy optimization", ICLR 2018, algorithm 2), in the order
/// of the authors' code (thanard/me-trpo, model_based_rl.py).
/// </summary>
/// <param name="stepsPerIteration">Real steps from one fit of the model to the next.</param>
/// <param name="parts">What it learns with; disposed with this.</param>
internal sealed class MeTrpoLoop(int stepsPerIteration, MeTrpoParts parts) : IAlgorithm
{
    /// <summary>What it learns with.</summary>
    public MeTrpoParts State => parts;

    public string Name => "me-trpo";

    public IPolicy Policy => parts.Policy;

    public bool UsesModel => true;

    public bool NeedsTermination => !parts.Model.Learner.PredictsTermination;

    public FittedModel? Model => parts.Model.Fitted;

    public void Step(RunContext run)
    {
        // Line 5: after each batch of real transitions the models are trained on all of them.
        run.Part(() => WhenDue(run, TrainingPhase.FittingModel, MetricNames.ModelSeconds, () => run.Report(parts.Model.Fit(run.CancellationToken))));
        run.Part(() => WhenDue(run, TrainingPhase.OptimizingPolicy, MetricNames.PolicySeconds, () => parts.BeginOptimization(run)));
        // Lines 6-11: the policy is optimized in them until its performance stops improving in most of them.
        run.UpdateWhile(() => parts.Optimization.IsRunning, parts.Optimization.Update);
        // Line 4: one step in the environment, with noise on the policy.
        run.Act();
    }

    public PolicyTransformer ToTransformer() => parts.Learner.ToTransformer();

    public IReadOnlyDictionary<string, double> TakeMetrics()
    {
        var metrics = new Dictionary<string, double>(parts.Learner.TakeMetrics());
        if (metrics.Count == 0) return metrics;
        foreach (var (name, value) in parts.Optimization.Metrics()) metrics[name] = value;
        return metrics;
    }

    /// <inheritdoc/>
    /// <exception cref="LearningException">Learning has diverged.</exception>
    public void ThrowIfDiverged() => (parts.Learner as IGuardedLearner)?.ThrowIfDiverged();

    public void Save(IStateWriter to) => parts.Saved.Save(to);

    public void Restore(IStateReader from) => parts.Saved.Restore(from);

    public void Restored(IStateReader from) => parts.Saved.Restored(from);

    public void Dispose() => parts.Dispose();

    private void WhenDue(RunContext run, TrainingPhase phase, string seconds, Action work)
    {
        if ((run.Step - run.FirstPolicyStep) % stepsPerIteration == 0) run.Measure(phase, seconds, work);
    }
}
