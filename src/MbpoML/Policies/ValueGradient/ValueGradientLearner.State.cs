using MbpoML.Numerics;
using MbpoML.Saving;

namespace MbpoML.Policies.ValueGradient;

/// <content>What survives a stop.</content>
internal sealed partial class ValueGradientLearner
{
    private const string SumState = "metric-sums";
    private const string UpdateState = "metric-updates";

    public string Name => "policy";

    public void Save(IStateWriter to)
    {
        ArgumentNullException.ThrowIfNull(to);
        using var turn = _use.Enter();
        // Reading the sums takes them.
        var sums = _update.TakeSums();
        _update.SetSums(sums);
        // Apart, so that they are added up in the same order after a stop.
        to.Add(SumState, [.. _sums, .. sums]);
        to.Add(UpdateState, _sinceMetrics.Critics, _sinceMetrics.Policy, _sinceCheck.Critics, _sinceCheck.Policy);
        State.Save(to);
    }

    public void Restore(IStateReader from)
    {
        ArgumentNullException.ThrowIfNull(from);
        using var turn = _use.Enter();
        var (sums, updates) = (from.Doubles(SumState), from.Integers(UpdateState));
        if (sums.Length != 2 * _sums.Length)
            throw from.Damaged(Invariant($"the value gradient has {sums.Length} sums of metrics, but {2 * _sums.Length} are needed"));
        if (updates.Length != 4 || updates.Any(count => count < 0))
            throw from.Damaged($"the value gradient has [{Listed.Of(updates)}] updates, but four numbers that are not negative are needed");
        State.Restore(from);
        sums.AsSpan(0, _sums.Length).CopyTo(_sums);
        _update.SetSums(sums.AsSpan(_sums.Length));
        (_sinceMetrics, _sinceCheck) = (new Counts(updates[0], updates[1]), new Counts(updates[2], updates[3]));
    }
}
