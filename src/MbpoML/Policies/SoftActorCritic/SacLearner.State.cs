using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Policies;

internal sealed partial class SacLearner
{
    private const string SumState = "metric-sums";
    private const string UpdateState = "metric-updates";

    public IReadOnlyDictionary<string, Tensor> GetState()
    {
        using var turn = _use.Enter();
        // Reading the sums takes them.
        var sums = _update.TakeSums();
        _update.SetSums(sums);
        return new Dictionary<string, Tensor>(State.Capture())
        {
            // Apart, so that they are added up in the same order after a stop.
            [SumState] = tensor([.. _sums, .. sums]).DetachFromDisposeScope(),
            [UpdateState] = tensor([_updatesSinceMetrics, _updatesSinceCheck]).DetachFromDisposeScope(),
        };
    }

    public void SetState(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var turn = _use.Enter();
        var saved = new SavedState(state, "soft actor-critic");
        var sums = saved.Get(SumState, ScalarType.Float64, [2 * _sums.Length]).data<double>().ToArray();
        var updates = saved.Get(UpdateState, ScalarType.Int64, [2]).data<long>().ToArray();
        if (updates.Any(count => count < 0)) throw new ArgumentException($"The saved soft actor-critic has [{Listed.Of(updates)}] updates, but none may be negative.", nameof(state));
        State.Restore(state);
        sums.AsSpan(0, _sums.Length).CopyTo(_sums);
        _update.SetSums(sums.AsSpan(_sums.Length));
        (_updatesSinceMetrics, _updatesSinceCheck) = (updates[0], updates[1]);
    }
}
