using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Dynamics;

/// <summary>The training step by automatic differentiation, on any device: the truth that <see cref="Fused.FusedEnsembleUpdate"/> is tested against.</summary>
internal sealed class ReferenceEnsembleUpdate : IEnsembleUpdate
{
    private readonly EnsembleModel _model;
    private readonly FlatAdam _optimizer;
    private readonly IReadOnlyList<double> _weightDecays;
    private readonly Tensor _lossSum;

    public ReferenceEnsembleUpdate(EnsembleModel model, FlatAdam optimizer, IReadOnlyList<double> weightDecays)
    {
        (_model, _optimizer, _weightDecays) = (model, optimizer, weightDecays);
        _lossSum = zeros([], ScalarType.Float64, model.Device).DetachFromDisposeScope();
    }

    public void Step(Tensor inputs, Tensor targets, Tensor order, int start, int count)
    {
        using var gradient = enable_grad();
        using var scope = NewDisposeScope();
        var rows = order.narrow(1, start, count).reshape(-1);
        var shape = new long[] { _model.Network.MemberCount, count, -1 };
        var (input, target) = (inputs.index(TensorIndex.Tensor(rows)).view(shape), targets.index(TensorIndex.Tensor(rows)).view(shape));
        var flat = _model.Network.Flat;
        var loss = EnsembleLoss.Total(_model.Network.Split(flat), input, target, _weightDecays);
        _optimizer.Step(autograd.grad([loss], [flat])[0].contiguous());
        _lossSum.add_(loss.detach());
    }

    public double TakeLossSum()
    {
        var sum = _lossSum.item<double>();
        _lossSum.zero_();
        return sum;
    }

    public double[] Errors(Tensor inputs, Tensor targets)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return [.. Enumerable.Range(0, _model.Network.MemberCount).Select(member =>
            (_model.MemberMeans(member, inputs) - targets).square().mean().to(ScalarType.Float64).item<double>())];
    }

    public void Dispose() => _lossSum.Dispose();
}
