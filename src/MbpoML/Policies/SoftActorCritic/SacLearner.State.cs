using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Policies;

internal sealed partial class SacLearner
{
    private const string SumState = "metric-sums";
    private const string UpdateState = "metric-updates";

    public IReadOnlyDictionary<string, Tensor> GetState()
    {
        // Reading the sums takes them.
        var sums = _update.TakeSums();
        _update.SetSums(sums);
        return new Dictionary<string, Tensor>(State.Capture())
        {
            [SumState] = tensor(sums).DetachFromDisposeScope(),
            [UpdateState] = tensor([_updatesSinceMetrics]).DetachFromDisposeScope(),
        };
    }

    public void SetState(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        State.Restore(state);
        var saved = new SavedState(state, "soft actor-critic");
        _update.SetSums(saved.Get(SumState, ScalarType.Float64, [SacMetrics.Names.Count]).data<double>().ToArray());
        _updatesSinceMetrics = saved.Count(UpdateState);
    }
}
