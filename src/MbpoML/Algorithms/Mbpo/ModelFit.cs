using MbpoML.Data.Replay;
using MbpoML.Dynamics;
using MbpoML.Saving;
using MbpoML.Training;

namespace MbpoML.Algorithms.Mbpo;

/// <summary>The dynamics model of a run: fitted to the real transitions again and again. A fit that is stopped or fails leaves no trace.</summary>
/// <param name="learner">Learns; disposed with this.</param>
/// <param name="transitions">The real transitions; stay the caller's.</param>
/// <param name="isSaved">Whether the run writes checkpoints; else nothing is kept to take a fit back.</param>
internal sealed class ModelFit(IDynamicsLearner learner, ReplayPool transitions, bool isSaved) : ISaved, IDisposable
{
    private const string TransitionsState = "fitted-transitions";

    public string Name => "model";

    /// <summary>Fits and imagines.</summary>
    public IDynamicsLearner Learner => learner;

    /// <summary>Real transitions, logged ones included, that there were at the last fit; 0 before the first.</summary>
    public long FittedTransitions { get; private set; }

    /// <summary>The model as last fitted; null before the first fit.</summary>
    public FittedModel? Fitted => FittedTransitions > 0 ? new FittedModel(learner.Model, FittedTransitions) : null;

    /// <summary>Fits the model to all transitions there are.</summary>
    /// <param name="cancellationToken">Stops the fit, which is then taken back.</param>
    /// <returns>What was measured, by metric name.</returns>
    public IReadOnlyDictionary<string, double> Fit(CancellationToken cancellationToken)
    {
        using var before = isSaved && learner is ISaved saved ? StateMemory.Of(saved) : null;
        using var rows = transitions.ToRows().DetachFromDisposeScope();
        try
        {
            var metrics = learner.Fit(rows, cancellationToken);
            FittedTransitions = transitions.TotalAdded;
            return metrics;
        }
        catch
        {
            before?.RestoreTo((ISaved)learner);
            throw;
        }
    }

    public void Save(IStateWriter to)
    {
        to.Add(TransitionsState, FittedTransitions);
        (learner as ISaved)?.Save(to.Under("learner"));
    }

    public void Restore(IStateReader from)
    {
        FittedTransitions = from.Count(TransitionsState);
        (learner as ISaved)?.Restore(from.Under("learner"));
    }

    // A model of another maker cannot be kept: it is fitted once more to the transitions that it was fitted to, as far as the pool still has them.
    public void Restored(IStateReader from)
    {
        if (FittedTransitions > transitions.TotalAdded) throw from.Damaged("its model was fitted to more transitions than there are");
        if (FittedTransitions == 0) return;
        if (learner is ISaved saved)
        {
            saved.Restored(from.Under("learner"));
            // Throws where there is none.
            _ = learner.Model;
            return;
        }

        var since = transitions.TotalAdded - FittedTransitions;
        using var rows = transitions.ToRows();
        using var before = rows.narrow(0, 0, Math.Clamp(transitions.Count - since, 1, transitions.Count));
        learner.Fit(before, CancellationToken.None);
    }

    public void Dispose() => learner.Dispose();
}
