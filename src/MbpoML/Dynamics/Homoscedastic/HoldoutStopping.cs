using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>Follows the held-out error of an ensemble over the steps of one fit, keeps the weights of the best measurement, and tells when to stop.</summary>
internal sealed class HoldoutStopping : IDisposable
{
    private readonly HomoscedasticModel _model;
    private readonly int _patience;
    private readonly Tensor _inputs, _targets, _flat, _logNoise;
    private double _best = double.PositiveInfinity;
    private int _bestStep = -1, _withoutImprovement;

    /// <param name="model">Is measured, and set back in the end.</param>
    /// <param name="rows">The rows of the fit.</param>
    /// <param name="heldOut">The numbers of the rows to measure, at least one.</param>
    /// <param name="patience">Measurements in a row without improvement after which to stop.</param>
    public HoldoutStopping(HomoscedasticModel model, FitRows rows, int[] heldOut, int patience)
    {
        (_model, _patience) = (model, patience);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var numbers = tensor(heldOut, ScalarType.Int64).to(model.Device);
        (_inputs, _targets) = (rows.Inputs.index_select(0, numbers).DetachFromDisposeScope(), rows.Targets.index_select(0, numbers).DetachFromDisposeScope());
        (_flat, _logNoise) = (empty_like(model.Network.Flat).DetachFromDisposeScope(), empty_like(model.Network.LogNoise).DetachFromDisposeScope());
    }

    /// <summary>Whether the last measurements brought no better one.</summary>
    public bool ShouldStop => _withoutImprovement >= _patience;

    /// <summary>Measures the mean squared error of the members, by which noise that is still settling does not count.</summary>
    /// <param name="step">Optimizer steps taken so far.</param>
    public void Observe(int step)
    {
        var loss = _model.MeanSquaredError(_inputs, _targets);
        if (!(loss < _best))
        {
            _withoutImprovement++;
            return;
        }

        (_best, _bestStep, _withoutImprovement) = (loss, step, 0);
        _flat.copy_(_model.Network.Flat);
        _logNoise.copy_(_model.Network.LogNoise);
    }

    /// <summary>Puts the best weights back.</summary>
    /// <returns>The step that they are of; null where no measurement was a number.</returns>
    public int? Restore()
    {
        if (_bestStep < 0) return null;
        _model.Network.Flat.copy_(_flat);
        _model.Network.LogNoise.copy_(_logNoise);
        _model.Network.Changed();
        return _bestStep;
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[_inputs, _targets, _flat, _logNoise]) tensor.Dispose();
    }
}
