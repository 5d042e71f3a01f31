using MbpoML.Acting;
using MbpoML.Components;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Metrics;

namespace MbpoML.Algorithms.PlaNet;

/// <summary>
/// PlaNet (D. Hafner et al., ICML 2019, algorithm 1): a latent model is fitted to chunks of all episodes, and each action of the next episode is planned with
/// it.
/// </summary>
/// <param name="context">The context that transformers are made with.</param>
/// <param name="updates">Updates of the model before each episode.</param>
/// <param name="interval">Real steps from one fit to the next; null: one before each episode.</param>
/// <param name="countsReturns">Whether the returns of the training episodes stand as evaluations.</param>
/// <param name="parts">What it learns with; disposed with this.</param>
internal sealed class PlaNetLoop(ComponentContext context, int updates, int? interval, bool countsReturns, PlaNetParts parts) : IAlgorithm
{
    private double _returns;
    private long _episodes;
    // Of an episode that began at random nothing is told.
    private bool _isPlanned;

    /// <summary>What it learns with.</summary>
    public PlaNetParts State => parts;

    public string Name => "planet";

    public IPolicy Policy => parts.Planner;

    public IEpisodeSink Episodes => parts.Recorder;

    public void Step(RunContext run)
    {
        // Lines 4 to 9: before each episode the model is fitted further, to chunks of all episodes so far.
        run.Fit(IsDue(run) ? updates : 0, _ => parts.Learner.Update(parts.Episodes));
        run.Part(() => _isPlanned |= run.BetweenEpisodes);
        // Lines 11 to 17: one step in the environment, whose action is planned from the belief, with exploration noise.
        run.Act();
        run.Part(() => CountEpisode(run));
    }

    public PolicyTransformer ToTransformer()
    {
        var (planner, model) = parts.CopyPlanner();
        return new PolicyTransformer(context, planner, owned: model);
    }

    public IReadOnlyDictionary<string, double> TakeMetrics()
    {
        var metrics = new Dictionary<string, double>(parts.Learner.TakeMetrics());
        if (countsReturns && _episodes > 0) metrics[MetricNames.EvaluationReturnMean] = _returns / _episodes;
        (_returns, _episodes) = (0, 0);
        return metrics;
    }

    public void ThrowIfDiverged() => parts.Learner.ThrowIfDiverged();

    public void Save(IStateWriter to)
    {
        Learner.Save(to.Under("learner"));
        parts.Episodes.Save(to.Under("episodes"));
        to.Add("returns", [_returns]);
        to.Add("counters", _episodes, _isPlanned ? 1 : 0);
    }

    public void Restore(IStateReader from)
    {
        if (from.Doubles("returns") is not [var returns] || !double.IsFinite(returns)) throw from.Damaged("its sum of returns is none");
        if (from.Integers("counters") is not [>= 0 and var episodes, (0 or 1) and var planned]) throw from.Damaged("its number of episodes is none");
        Learner.Restore(from.Under("learner"));
        parts.Episodes.Restore(from.Under("episodes"));
        (_returns, _episodes, _isPlanned) = (returns, episodes, planned != 0);
    }

    public void Restored(IStateReader from) => Learner.Restored(from.Under("learner"));

    public void Dispose() => parts.Dispose();

    private ISaved Learner => parts.Learner as ISaved
        ?? throw new InvalidOperationException(
            $"{parts.Learner.GetType().Name} is no {nameof(ISaved)}, so that its run can write no checkpoints: implement it, or leave Checkpoints out.");

    private bool IsDue(RunContext run)
    {
        var steps = run.Step - run.FirstPolicyStep;
        return steps == 0 || (interval is { } every ? steps % every == 0 : run.BetweenEpisodes);
    }

    private void CountEpisode(RunContext run)
    {
        if (!_isPlanned || !run.BetweenEpisodes || run.LastReturn is not { } last) return;
        _returns += last;
        _episodes++;
    }
}
