using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Policies.OnPolicy;

/// <content>What survives a stop.</content>
internal abstract partial class OnPolicyLearner : ISaved
{
    private const string PolicyState = "policy", SumState = "metric-sums", UpdateState = "metric-updates", ScalesState = "has-scales";

    public string Name => "policy";

    public void Save(IStateWriter to)
    {
        ArgumentNullException.ThrowIfNull(to);
        using var turn = _use.Enter();
        foreach (var (name, value) in Saved()) to.Add(name, value);
        to.Add(SumState, _sums);
        to.Add(UpdateState, _updatesSinceMetrics);
        to.Add(ScalesState, _hasScales ? 1 : 0);
        SaveOwn(to);
    }

    public void Restore(IStateReader from)
    {
        ArgumentNullException.ThrowIfNull(from);
        using var turn = _use.Enter();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        // All is looked up before anything changes.
        var values = Saved().Select(own => (own.Tensor, Saved: from.Tensor(own.Name, ScalarType.Float32, own.Tensor.shape))).ToArray();
        var (sums, updates) = (from.Doubles(SumState), from.Count(UpdateState));
        if (sums.Length != _sums.Length)
            throw from.Damaged(Invariant($"the policy has {sums.Length} sums of metrics, but {_sums.Length} are needed"));
        var hasScales = from.WholeNumber(ScalesState) switch
        {
            0 => false,
            1 => true,
            _ => throw from.Damaged($"'{ScalesState}' is neither 0 nor 1"),
        };
        RestoreOwn(from);
        foreach (var (own, value) in values) own.copy_(value);
        sums.CopyTo(_sums, 0);
        (_updatesSinceMetrics, _hasScales) = (updates, hasScales);
        _sound.copy_(Parameters);
    }

    /// <summary>Writes what the deriving class must keep.</summary>
    protected abstract void SaveOwn(IStateWriter to);

    /// <summary>Goes on from what <see cref="SaveOwn"/> wrote; where it throws, nothing is changed.</summary>
    protected abstract void RestoreOwn(IStateReader from);

    private (string Name, Tensor Tensor)[] Saved() =>
        [(PolicyState, Parameters), ("observation-mean", Observations.Mean), ("observation-deviation", Observations.Deviation)];
}
