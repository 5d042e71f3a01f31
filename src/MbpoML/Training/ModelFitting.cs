using static TorchSharp.torch;

namespace MbpoML.Training;

/// <summary>Line 3 of Algorithm 2: fits the model to the real transitions as they are when a fit begins, on this thread or beside the steps and updates that follow.</summary>
internal sealed class ModelFitting : IDisposable
{
    private readonly TrainingState _state;
    private readonly BackgroundStage _stage;
    private readonly CancellationTokenSource _stop;
    private Tensor? _rows;
    private IReadOnlyDictionary<string, double> _metrics = new Dictionary<string, double>();

    public ModelFitting(TrainingState state, bool beside, CancellationToken cancellationToken)
    {
        _state = state;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _stage = new BackgroundStage(Fit, "MbpoML model training", beside);
    }

    /// <summary>Whether a fit was begun whose model was not taken yet. Until then the model must not be used.</summary>
    public bool IsUnderWay => _stage.IsUnderWay;

    public void Begin()
    {
        _rows = _state.RealPool.ToRows().DetachFromDisposeScope();
        _stage.Begin();
    }

    /// <summary>Waits for the model.</summary>
    /// <returns>What was measured in the fit.</returns>
    public IReadOnlyDictionary<string, double> End()
    {
        try
        {
            _stage.End();
            return _metrics;
        }
        finally
        {
            _rows?.Dispose();
        }
    }

    /// <summary>Stops a fit that is under way.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stage.Dispose();
        _stop.Dispose();
        _rows?.Dispose();
    }

    private void Fit() => _metrics = _state.Dynamics.Fit(_rows!, _stop.Token);
}
