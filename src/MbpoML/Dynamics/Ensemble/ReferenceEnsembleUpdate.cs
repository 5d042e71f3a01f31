using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>The training step by automatic differentiation, on any device: the truth that <see cref="Fused.FusedEnsembleUpdate"/> is tested against.</summary>
internal sealed class ReferenceEnsembleUpdate : IEnsembleUpdate
{
    private readonly EnsembleModel _model;
    private readonly FlatAdam _optimizer;
    private readonly IReadOnlyList<double> _weightDecays;
    private readonly double? _maxNorm;
    private readonly Tensor _lossSum;

    public ReferenceEnsembleUpdate(EnsembleModel model, FlatAdam optimizer, IReadOnlyList<double> weightDecays, double? maxNorm)
    {
        (_model, _optimizer, _weightDecays, _maxNorm) = (model, optimizer, weightDecays, maxNorm);
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
        var slope = autograd.grad([loss], [flat])[0].contiguous();
        if (_maxNorm is { } maxNorm) ClipMembers(slope, maxNorm);
        _optimizer.Step(slope);
        _lossSum.AddInPlace(loss.detach());
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
            (_model.MemberMeans(member, inputs) - targets).Squared().mean().to(ScalarType.Float64).item<double>())];
    }

    private void ClipMembers(Tensor gradient, double maxNorm)
    {
        var parts = _model.Network.Split(gradient);
        Tensor[] ofMembers = [.. parts.Weights, .. parts.Biases];
        var factors = GradientClip.Factor(ofMembers.Select(part => part.Squared().sum([1, 2])).Aggregate(ScalarArithmetic.Plus), maxNorm).view(-1, 1, 1);
        foreach (var part in ofMembers) part.mul_(factors);
    }

    public void Dispose() => _lossSum.Dispose();
}
