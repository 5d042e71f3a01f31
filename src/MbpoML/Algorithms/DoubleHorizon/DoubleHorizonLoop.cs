using MbpoML.Acting;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Data.Replay;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Metrics;

namespace MbpoML.Algorithms.DoubleHorizon;

/// <summary>
/// Double-horizon MBPO (A. Kubo, P. Parmas and S. Ishii, TMLR 2025): long distribution rollouts refresh start states, and from these short training rollouts
/// are differentiated from end to end.
/// </summary>
/// <param name="settings">The numbers of the algorithm.</param>
/// <param name="parts">What it learns with; disposed with this.</param>
internal sealed class DoubleHorizonLoop(DoubleHorizonSettings settings, DoubleHorizonParts parts) : IAlgorithm
{
    /// <summary>What it learns with.</summary>
    public DoubleHorizonParts State => parts;

    public string Name => "double-horizon";

    public IPolicy Policy => parts.Learner;

    public bool UsesModel => true;

    public bool NeedsTermination => !parts.Model.Learner.PredictsTermination;

    public FittedModel? Model => parts.Model.Fitted;

    public ReplayPool? Imagined => parts.ModelPool;

    public void Step(RunContext run)
    {
        if (parts.Assessment is { } assessment)
        {
            StepWithAssessment(run, assessment);
            return;
        }

        // The model is fitted to the real transitions, from which the learner takes its scales.
        run.Part(() => { if (IsRefit(run)) FitModel(run); });
        // The critics catch up with the new model, while the policy stands still.
        run.Update(IsRefit(run) ? settings.CriticUpdatesPerFit : 0, _ => Update(run, parts.Learner.UpdateCritics));
        // Critics and policy are updated through short rollouts, from states that long rollouts refresh: either for all steps until the next fit at once, as
        // long as the model knows the policy's states best,
        run.Update(settings.UpdatesAfterFit && IsRefit(run) ? Updates(run, settings.ModelTrainingInterval) : 0, _ => Update(run, parts.Learner.Update));
        // One step in the environment, with an action drawn from the policy.
        run.Act();
        // or step by step.
        run.Update(settings.UpdatesAfterFit ? 0 : Updates(run, 1), _ => Update(run, parts.Learner.Update));
    }

    // The same work, but now and then it waits until an episode has ended, so that a policy can be assessed by what it earned.
    private void StepWithAssessment(RunContext run, PolicyAssessment assessment)
    {
        run.Part(() => assessment.Plan(run, (IPolicyKeeper)parts.Learner));
        var due = assessment.DueIntervals;
        for (var fit = 0; fit < due; fit++) run.Part(() => FitModel(run));
        run.Update(due * settings.CriticUpdatesPerFit, _ => Update(run, parts.Learner.UpdateCritics));
        run.Update(due == 0 ? 0 : Updates(run, due * settings.ModelTrainingInterval), _ => Update(run, parts.Learner.Update));
        run.Act();
    }

    private void FitModel(RunContext run)
    {
        run.Measure(TrainingPhase.FittingModel, MetricNames.ModelSeconds, () => run.Report(parts.Model.Fit(run.CancellationToken)));
        using var rows = run.Transitions.ToRows();
        parts.Learner.Look(rows);
    }

    private void Update(RunContext run, Action<TorchSharp.torch.Tensor> learn)
    {
        if (parts.RolloutsAreDue) run.Measure(TrainingPhase.RollingOut, MetricNames.RolloutSeconds, () => RollOut(run));
        using var starts = parts.DrawStarts();
        learn(starts);
        parts.Count();
    }

    private void RollOut(RunContext run)
    {
        run.Report(parts.RollOut(run.CancellationToken).ToMetrics(settings.Rollouts.Length, parts.ModelPool.Count));
        if (settings.Rollouts.Rule is { } rule) run.Report(rule.TakeMetrics());
    }

    private bool IsRefit(RunContext run) => (run.Step - run.FirstPolicyStep) % settings.ModelTrainingInterval == 0;

    // The first updates make up for the random steps.
    private int Updates(RunContext run, int steps)
    {
        var isFirst = run.Step - run.FirstPolicyStep == (settings.UpdatesAfterFit ? 0 : 1);
        return isFirst ? settings.FirstUpdates ?? Math.Max(run.FirstPolicyStep, steps) * settings.UpdatesPerStep : steps * settings.UpdatesPerStep;
    }

    public PolicyTransformer ToTransformer() => parts.Learner.ToTransformer();

    public IReadOnlyDictionary<string, double> TakeMetrics() => parts.Learner.TakeMetrics();

    public void ThrowIfDiverged() => (parts.Learner as IGuardedLearner)?.ThrowIfDiverged();

    public void Save(IStateWriter to) => parts.Saved.Save(to);

    public void Restore(IStateReader from) => parts.Saved.Restore(from);

    public void Restored(IStateReader from) => parts.Saved.Restored(from);

    public void Dispose() => parts.Dispose();
}
