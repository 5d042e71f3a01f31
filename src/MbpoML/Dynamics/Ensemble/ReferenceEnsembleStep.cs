using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>An imagined step by automatic differentiation, on any device: the truth that <see cref="Fused.FusedEnsembleStep"/> is tested against.</summary>
/// <param name="model">As it is at the time of each step.</param>
/// <param name="batch">Rows of each step.</param>
internal sealed class ReferenceEnsembleStep(EnsembleModel model, int batch) : EnsembleStep(model, batch)
{
    private Tensor? _observation, _action, _drawnOutcome;

    protected override void Draw(Tensor observation, Tensor action, Tensor drawn, Tensor noise)
    {
        Forget();
        using var gradient = enable_grad();
        using var scope = NewDisposeScope();
        (_observation, _action) = (Leaf(observation), Leaf(action));
        _drawnOutcome = Model.SampleDrawn(_observation, _action, drawn, noise).DetachFromDisposeScope();
        Outcome.copy_(_drawnOutcome.detach());
    }

    protected override void Differentiate(Tensor outcomeGradient)
    {
        using var scope = NewDisposeScope();
        var gradients = autograd.grad([_drawnOutcome!], [_observation!, _action!], [outcomeGradient.to(Model.Device)]);
        ObservationGradient.copy_(gradients[0]);
        ActionGradient.copy_(gradients[1]);
        Forget();
    }

    protected override void Free()
    {
        base.Free();
        Forget();
    }

    private void Forget()
    {
        foreach (var tensor in (Tensor?[])[_observation, _action, _drawnOutcome]) tensor?.Dispose();
        (_observation, _action, _drawnOutcome) = (null, null, null);
    }

    // A copy, because the caller may go on with its own memory before the backward pass.
    private Tensor Leaf(Tensor value) => value.detach().to(Model.Device, copy: true).requires_grad_().DetachFromDisposeScope();
}
