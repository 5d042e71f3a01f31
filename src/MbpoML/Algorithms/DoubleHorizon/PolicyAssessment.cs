using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Metrics;

namespace MbpoML.Algorithms.DoubleHorizon;

/// <summary>
/// Now and then lets a policy play a whole training episode before it is updated. The policy is kept where that earned about as much as the best so far. So a
/// policy that stumbles is neither evaluated nor saved.
/// </summary>
/// <remarks>
/// Source: S. Fujimoto et al., "For SALE: State-Action Representation Learning for Deep Reinforcement Learning" (TD7), NeurIPS 2023, "policy checkpoints".
/// There every policy is assessed, by several episodes. Here most episodes are updated within, as in the loop without assessment, because a policy that
/// stands still for a thousand steps learns more slowly. No further episode is asked of the environment.
/// </remarks>
/// <param name="interval">Real steps from one fit of the model to the next, at least 1.</param>
/// <param name="spacing">Part of the real steps so far that pass from a policy that was kept to the next assessment.</param>
/// <param name="tolerance">Part of the best return by which the policy that is kept may stay below it.</param>
internal sealed class PolicyAssessment(int interval, double spacing, double tolerance) : ISaved
{
    /// <summary>An episode that lasts longer than so many intervals is not waited for.</summary>
    public const int MostIntervals = 20;

    private long _episodes;
    private int _fittedAt = -1, _nextAt;
    private bool _isAssessing;
    private double _best = double.NegativeInfinity;

    public string Name => "assessment";

    /// <summary>How many intervals of fits and updates are to be made up for in this step; 0 in most.</summary>
    public int DueIntervals { get; private set; }

    /// <summary>Looks, once at the beginning of each step, at the episode that ended, and decides what is due.</summary>
    public void Plan(RunContext run, IPolicyKeeper learner)
    {
        var isBetween = run.BetweenEpisodes;
        if (_isAssessing && isBetween && run.Episodes != _episodes) Judge(run, learner);
        var intervals = _fittedAt < 0 ? 1 : (run.Step - _fittedAt) / interval;
        DueIntervals = _isAssessing && intervals < MostIntervals ? 0 : Math.Min(intervals, MostIntervals);
        if (DueIntervals > 0)
        {
            // An episode that outlasts all patience is updated within, and proves nothing.
            if (_isAssessing) (_isAssessing, _nextAt) = (false, run.Step + interval);
            _fittedAt = _fittedAt < 0 ? run.Step : _fittedAt + (DueIntervals * interval);
        }

        // After the updates of this step the policy stands still until the episode that now begins has ended.
        if (isBetween && !_isAssessing && run.Step >= _nextAt) (_isAssessing, _episodes) = (true, run.Episodes);
    }

    public void Save(IStateWriter to)
    {
        to.Add("counts", _episodes, _fittedAt, _nextAt, _isAssessing ? 1 : 0, DueIntervals);
        to.Add("best-return", [_best]);
    }

    public void Restore(IStateReader from)
    {
        if (from.Integers("counts") is not
            [>= 0 and var episodes, >= -1 and <= int.MaxValue and var fittedAt, >= 0 and <= int.MaxValue and var nextAt, >= 0 and <= 1 and var isAssessing,
                >= 0 and <= MostIntervals and var due])
            throw from.Damaged("the counts of assessed policies make no sense");
        if (from.Doubles("best-return") is not [var best] || double.IsNaN(best)) throw from.Damaged("the best return of an assessed policy is no number");
        (_episodes, _fittedAt, _nextAt, _isAssessing, DueIntervals, _best) = (episodes, (int)fittedAt, (int)nextAt, isAssessing == 1, (int)due, best);
    }

    private void Judge(RunContext run, IPolicyKeeper learner)
    {
        var earned = run.LastReturn!.Value;
        _best = Math.Max(_best, earned);
        var isKept = earned >= _best - (tolerance * Math.Abs(_best));
        // One that failed is soon followed by another.
        var pause = spacing * run.Step;
        (_isAssessing, _nextAt) = (false, run.Step + (int)(isKept ? pause : Math.Min(interval, pause)));
        if (!isKept) return;
        learner.KeepPolicy();
        run.Report(new Dictionary<string, double> { [MetricNames.KeptReturn] = earned });
    }
}
