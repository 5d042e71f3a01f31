using MbpoML.Acting;
using MbpoML.Algorithms.Mbpo.Trust;
using MbpoML.Data.Replay;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Metrics;

namespace MbpoML.Algorithms.Mbpo;

/// <summary>
/// Algorithm 2 of the paper (Janner et al., "When to Trust Your Model"), in the order of the official code (mbpo/algorithms/mbpo.py, _train).
/// </summary>
internal sealed class MbpoLoop : IAlgorithm
{
    private readonly MbpoSettings _settings;
    private readonly MbpoParts _parts;
    private readonly BranchedRolloutGenerator _rollouts;
    private readonly TrustMeter? _trust;
    private ModelTrainingTimes? _times;

    /// <summary>Line 1: the policy π_φ, the predictive model p_θ, the environment dataset D_env and the model dataset D_model.</summary>
    /// <param name="settings">The numbers of the algorithm.</param>
    /// <param name="parts">What line 1 initialises; disposed with this.</param>
    /// <param name="trust">Measures how far the model can be trusted, for a schedule that asks for it; disposed with this.</param>
    public MbpoLoop(MbpoSettings settings, MbpoParts parts, TrustMeter? trust)
    {
        (_settings, _parts, _trust) = (settings, parts, trust);
        _rollouts = new BranchedRolloutGenerator(parts.Branching, settings.Rollouts.Rule, parts.RealPool);
    }

    /// <summary>What line 1 initialised.</summary>
    public MbpoParts State => _parts;

    public string Name => "mbpo";

    public IPolicy Policy => _parts.Policy;

    public bool UsesModel => _parts.NeedsModel;

    public bool NeedsTermination => UsesModel && !_parts.Model.Learner.PredictsTermination;

    public FittedModel? Model => UsesModel ? _parts.Model.Fitted : null;

    public ReplayPool? Imagined => _parts.ModelPool;

    public void Step(RunContext run)
    {
        // Line 3: train model p_θ on D_env via maximum likelihood.
        run.Part(() => FitModel(run));
        // Lines 6-8: sample states of D_env uniformly, roll k steps out of the model using π_φ, add them to D_model.
        run.Part(() => RollOut(run));
        // Line 5: take an action in the environment according to π_φ, add it to D_env.
        run.Act();
        // Lines 9-10: for G gradient updates, update the policy on model data.
        run.Update(Updates, _parts.Feed.Update);
    }

    // The pool does not change between the times at which rollouts are branched.
    private int Updates => _settings.UpdatesFollowPool && _parts.Feed.UsesImagined
        ? (int)Math.Min(int.MaxValue, 2L * _settings.UpdatesPerStep * _parts.ModelPool.Count / _parts.ModelPool.Capacity) : _settings.UpdatesPerStep;

    private void FitModel(RunContext run)
    {
        if (!Times(run).IsBranching(run.Step)) return;
        _trust?.MeasureModel();
        if (!Times(run).IsRefit(run.Step)) return;
        run.Measure(TrainingPhase.FittingModel, MetricNames.ModelSeconds, () => run.Report(_parts.Model.Fit(run.CancellationToken)));
    }

    private void RollOut(RunContext run)
    {
        if (_parts.Feed.UsesImagined && Times(run).IsBranching(run.Step)) run.Measure(TrainingPhase.RollingOut, MetricNames.RolloutSeconds, () => Branch(run));
    }

    private void Branch(RunContext run)
    {
        var trust = _trust?.Measure();
        if (trust is { } measured) run.Report(measured.ToMetrics());
        var (options, pool, random) = (_settings.Rollouts, _parts.ModelPool, _parts.RollingOut);
        var length = Check.AtLeast(1, options.Schedule.GetLength(new RolloutScheduleContext(run.Epoch, run.Step, trust)), "rollout length");
        pool.Resize(options.PoolCapacity(length, _settings.EpochLength, _settings.ModelTrainingInterval));
        if (options.DropsByAge) _parts.Ages.DropBefore(options.RetainedBranchings(_settings.EpochLength, _settings.ModelTrainingInterval));
        using var before = new RolloutsBefore(random, pool, options.Rule);
        try
        {
            using var starts = run.Transitions.SampleObservations(options.Starts(length), random);
            var statistics = _rollouts.Generate(starts, length, _parts.Policy, random, (rows, _) => pool.Append(rows), run.CancellationToken);
            if (pool.Count == 0 && !_settings.UpdatesFollowPool)
                throw new InvalidOperationException(
                    Invariant($"The rule of the rollouts kept none of the imagined transitions at step {run.Step}, so that the policy has nothing to learn ") +
                        "from: choose a rule that lets more pass, or set UpdatesFollowPool and DropsByAge, with which such steps have no updates.");
            if (options.DropsByAge) _parts.Ages.Add(statistics.Transitions);
            run.Report(statistics.ToMetrics(length, pool.Count));
            if (options.Rule is { } rule) run.Report(rule.TakeMetrics());
        }
        catch
        {
            // A resumed run branches all of them again.
            before.TakeBack();
            throw;
        }
    }

    // When the steps begin is known once the run has begun, or is resumed.
    private ModelTrainingTimes Times(RunContext run) => _times ??= new ModelTrainingTimes(_settings, UsesModel, run.FirstPolicyStep, run.LoggedTransitions);

    public PolicyTransformer ToTransformer() => _parts.Policy.ToTransformer();

    public IReadOnlyDictionary<string, double> TakeMetrics() => _parts.Policy.TakeMetrics();

    public void ThrowIfDiverged() => (_parts.Policy as IGuardedLearner)?.ThrowIfDiverged();

    public void Save(IStateWriter to) => Parts.Save(to);

    public void Restore(IStateReader from) => Parts.Restore(from);

    public void Restored(IStateReader from) => Parts.Restored(from);

    public void Dispose()
    {
        _trust?.Dispose();
        _parts.Dispose();
    }

    private IEnumerable<ISaved> Parts =>
        [
            .. _parts.Saved, .. _settings.Rollouts.DropsByAge ? (ISaved[])[_parts.Ages] : [], .. _trust is null ? (ISaved[])[] : [_trust],
            .. _settings.Rollouts.Rule is ISaved rule ? (ISaved[])[rule] : [],
        ];
}
