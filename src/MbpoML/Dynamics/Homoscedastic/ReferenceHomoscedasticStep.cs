using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>
/// An imagined step by automatic differentiation, on any device: the truth that <see cref="Fused.FusedHomoscedasticStep"/> is tested against.
/// </summary>
/// <param name="model">As it is at the time of each step.</param>
/// <param name="batch">Rows of each step.</param>
internal sealed class ReferenceHomoscedasticStep(HomoscedasticModel model, int batch) : DifferentiableStep(model.Layout, batch, model.Device)
{
    private readonly BalancedDraw _draw = new(model.EliteCount, batch, model.Layout.ObservationSize);
    private Tensor? _observation, _action, _drawnOutcome;

    public override void Forward(Tensor observation, Tensor action, Generator generator)
    {
        model.RequireAlive();
        BeginForward(observation, action);
        _draw.Draw(TensorCheck.Alive(generator));
        Forget();
        using var gradient = enable_grad();
        using var scope = NewDisposeScope();
        (_observation, _action) = (Leaf(observation), Leaf(action));
        _drawnOutcome = model.SampleDrawn(_observation, _action, _draw).DetachFromDisposeScope();
        Outcome.copy_(_drawnOutcome.detach());
        EndForward();
    }

    protected override void Differentiate(Tensor outcomeGradient)
    {
        using var scope = NewDisposeScope();
        var gradients = autograd.grad([_drawnOutcome!], [_observation!, _action!], [outcomeGradient.to(model.Device)]);
        ObservationGradient.copy_(gradients[0]);
        ActionGradient.copy_(gradients[1]);
        Forget();
    }

    protected override void Free()
    {
        Forget();
        _draw.Dispose();
    }

    private void Forget()
    {
        foreach (var tensor in (Tensor?[])[_observation, _action, _drawnOutcome]) tensor?.Dispose();
        (_observation, _action, _drawnOutcome) = (null, null, null);
    }

    // A copy, because the caller may go on with its own memory before the backward pass.
    private Tensor Leaf(Tensor value) => value.detach().to(model.Device, copy: true).requires_grad_().DetachFromDisposeScope();
}
