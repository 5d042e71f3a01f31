using MbpoML.Dynamics;
using MbpoML.Training.Checkpoints;
using static TorchSharp.torch;

namespace MbpoML.Training;

/// <summary>Line 3 of Algorithm 2: fits the model to the real transitions as they are when a fit begins, on this thread or beside the steps and updates that follow.</summary>
internal sealed class ModelFitting : IDisposable
{
    private readonly TrainingState _state;
    private readonly BackgroundStage _stage;
    private readonly CancellationTokenSource _stop;
    private readonly bool _isBeside;
    private readonly bool _keepsStateBefore;
    private IReadOnlyDictionary<string, Tensor>? _stateBefore;
    private Tensor? _rows;
    private IReadOnlyDictionary<string, double> _metrics = new Dictionary<string, double>();
    // The end of a fit that a stopped run had reached.
    private bool _isRestored;
    // A fit that was stopped, to be begun again.
    private bool _isPending;
    private long _transitions;

    /// <param name="state">Its real pool gives the transitions, its model learns.</param>
    /// <param name="options">Whether fits go on beside the updates, and whether the run writes checkpoints.</param>
    public ModelFitting(TrainingState state, MbpoTrainer.Options options)
    {
        _state = state;
        // A fit that is stopped must leave no trace in a checkpoint.
        _keepsStateBefore = options.Checkpoints is not null;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        _isBeside = options.RunsBeside(OverlappedStages.Model);
        _stage = new BackgroundStage(Fit, "MbpoML model training", _isBeside);
    }

    /// <summary>Whether a fit was begun whose model was not taken yet. Until then the model must not be used.</summary>
    public bool IsUnderWay => _stage.IsUnderWay || _isRestored || _isPending;

    public void Begin()
    {
        (_rows, _transitions) = (_state.RealPool.ToRows().DetachFromDisposeScope(), _state.RealPool.TotalAdded);
        BeginStage();
    }

    /// <summary>Waits for the model.</summary>
    /// <returns>What was measured in the fit.</returns>
    public IReadOnlyDictionary<string, double> End()
    {
        try
        {
            if (_isPending) BeginStage();
            if (!_isRestored) _stage.End();
            Forget();
            return _metrics;
        }
        catch
        {
            TakeBack();
            throw;
        }
    }

    /// <summary>Writes a fit that is under way: its end where there is one, else the transitions that it was begun with.</summary>
    /// <remarks>Waits for it, but no longer than until its next optimizer step once the run is cancelled.</remarks>
    public void Save(CheckpointWriter writer)
    {
        var hasEnded = !_isPending && _stage.Settle();
        writer.Add("model-fitting/under-way", IsUnderWay ? 1 : 0, hasEnded ? 1 : 0);
        if (!IsUnderWay) return;
        if (hasEnded)
        {
            writer.Add("model-fitting/metric-names", string.Join('\n', _metrics.Keys));
            writer.Add("model-fitting/metric-values", [.. _metrics.Values]);
        }
        else
        {
            TakeBack();
            writer.Add("model-fitting/rows", _rows!);
            writer.Add("model-fitting/transitions", _transitions);
        }
    }

    /// <summary>Goes on with the fit that was under way. The model must be restored before.</summary>
    public void Restore(CheckpointReader reader)
    {
        if (reader.Integers("model-fitting/under-way") is not [var underWay, var hasEnded]) throw reader.Damaged("it does not say whether the model is being fitted");
        if (underWay == 0) return;
        if (hasEnded == 0)
        {
            (_rows, _transitions, _isPending) = (reader.Tensor("model-fitting/rows").DetachFromDisposeScope(), reader.Integer("model-fitting/transitions"), true);
            if (_rows.dtype != ScalarType.Float32 || _rows.dim() != 2 || _rows.size(1) != _state.RealPool.Layout.Width) throw reader.Damaged("the transitions that the model is fitted to are none");
            if (_isBeside) BeginStage();
            return;
        }

        var (names, values) = (reader.Text("model-fitting/metric-names").Split('\n', StringSplitOptions.RemoveEmptyEntries), reader.Doubles("model-fitting/metric-values"));
        if (names.Length != values.Length || names.Distinct().Count() < names.Length) throw reader.Damaged("the metrics of the model's fit have no values");
        _metrics = names.Zip(values).ToDictionary(metric => metric.First, metric => metric.Second);
        _isRestored = true;
    }

    /// <summary>Stops a fit that is under way.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stage.Dispose();
        _stop.Dispose();
        Forget();
    }

    private void BeginStage()
    {
        if (_keepsStateBefore)
        {
            ForgetState();
            _stateBefore = (_state.Dynamics as IResumable)?.GetState();
            foreach (var tensor in _stateBefore?.Values ?? []) tensor.DetachFromDisposeScope();
        }

        _isPending = false;
        _stage.Begin();
    }

    private void Fit()
    {
        // As in MbpoLoop, but on the thread of the fit.
        using var scope = _state.Dynamics is EnsembleLearner ? NewDisposeScope() : null;
        _metrics = _state.Dynamics.Fit(_rows!, _stop.Token);
        _state.FittedTransitions = _transitions;
    }

    // What a stopped fit did is undone, so that the whole of it can be done again.
    private void TakeBack()
    {
        _stage.Discard();
        if (_stateBefore is { } before) ((IResumable)_state.Dynamics).SetState(before);
        _isPending = true;
    }

    private void Forget()
    {
        ForgetState();
        _rows?.Dispose();
        (_rows, _isRestored) = (null, false);
    }

    private void ForgetState()
    {
        foreach (var tensor in _stateBefore?.Values ?? []) tensor.Dispose();
        _stateBefore = null;
    }
}
