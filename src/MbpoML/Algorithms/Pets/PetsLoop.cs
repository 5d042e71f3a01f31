using MbpoML.Acting;
using MbpoML.Components;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Metrics;

namespace MbpoML.Algorithms.Pets;

/// <summary>
/// PETS (K. Chua, R. Calandra, R. McAllister and S. Levine, NeurIPS 2018, algorithm 1): an ensemble is fitted to all transitions, and each action of the next
/// episode is planned with it.
/// </summary>
/// <param name="context">The context that transformers are made with.</param>
/// <param name="interval">Real steps from one fit to the next; null: one after each episode.</param>
/// <param name="countsReturns">Whether the returns of the training episodes stand as evaluations.</param>
/// <param name="parts">What it learns with; disposed with this.</param>
internal sealed class PetsLoop(ComponentContext context, int? interval, bool countsReturns, PetsParts parts) : IAlgorithm
{
    private double _returns;
    private long _episodes;
    // Of an episode that began at random nothing is told.
    private bool _isPlanned;

    /// <summary>What it learns with.</summary>
    public PetsParts State => parts;

    public string Name => "pets";

    public IPolicy Policy => parts.Planner;

    public bool UsesModel => true;

    public bool NeedsTermination => !parts.Model.Learner.PredictsTermination;

    public FittedModel? Model => parts.Model.Fitted;

    public void Step(RunContext run)
    {
        // After each episode the model is fitted further, to all transitions.
        run.Part(() => FitModel(run));
        // One step in the environment, whose action is planned.
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
        var metrics = new Dictionary<string, double>();
        if (countsReturns && _episodes > 0) metrics[MetricNames.EvaluationReturnMean] = _returns / _episodes;
        (_returns, _episodes) = (0, 0);
        return metrics;
    }

    public void Save(IStateWriter to)
    {
        parts.Model.Save(to.Under(parts.Model.Name));
        to.Add("returns", [_returns]);
        to.Add("episodes", _episodes, _isPlanned ? 1 : 0);
    }

    public void Restore(IStateReader from)
    {
        if (from.Doubles("returns") is not [var returns] || !double.IsFinite(returns)) throw from.Damaged("its sum of returns is none");
        if (from.Integers("episodes") is not [>= 0 and var episodes, (0 or 1) and var planned]) throw from.Damaged("its number of episodes is none");
        parts.Model.Restore(from.Under(parts.Model.Name));
        (_returns, _episodes, _isPlanned) = (returns, episodes, planned != 0);
    }

    public void Restored(IStateReader from) => parts.Model.Restored(from.Under(parts.Model.Name));

    public void Dispose() => parts.Dispose();

    private void FitModel(RunContext run)
    {
        if (run.BetweenEpisodes) _isPlanned = true;
        var steps = run.Step - run.FirstPolicyStep;
        var isDue = steps == 0 || (interval is { } every ? steps % every == 0 : run.BetweenEpisodes);
        if (isDue) run.Measure(TrainingPhase.FittingModel, MetricNames.ModelSeconds, () => run.Report(parts.Model.Fit(run.CancellationToken)));
    }

    private void CountEpisode(RunContext run)
    {
        if (!_isPlanned || !run.BetweenEpisodes || run.LastReturn is not { } last) return;
        _returns += last;
        _episodes++;
    }
}
