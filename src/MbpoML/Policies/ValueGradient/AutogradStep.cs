using MbpoML.Dynamics;
using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient;

/// <summary>The step of a model that is written in tensor operations, by automatic differentiation: exact equations of motion, for instance.</summary>
/// <param name="model">Its <see cref="IDynamicsModel.Sample"/> is differentiable.</param>
/// <param name="batch">Rows of each step.</param>
/// <param name="gate">The model is asked by one thread at a time.</param>
internal sealed class AutogradStep(IDynamicsModel model, int batch, Lock gate) : IDifferentiableStep
{
    private readonly List<Tensor> _kept = [];
    private Tensor? _outcomeGraph, _observation, _action;

    public Tensor Outcome { get; private set; } = Rows(batch, 1 + model.Layout.ObservationSize);

    public Tensor? Terminated { get; private set; }

    public Tensor ObservationGradient { get; } = Rows(batch, model.Layout.ObservationSize);

    public Tensor ActionGradient { get; } = Rows(batch, model.Layout.ActionSize);

    public void Forward(Tensor observation, Tensor action, Generator generator)
    {
        Free();
        using var scope = NewDisposeScope();
        using var gradient = enable_grad();
        (_observation, _action) = (Keep(observation.detach().clone().requires_grad_()), Keep(action.detach().clone().requires_grad_()));
        DynamicsSample sample;
        lock (gate) sample = model.Sample(_observation, _action, generator);
        var (next, reward, terminated) = sample;
        if (!next.requires_grad)
            throw new InvalidOperationException(
                $"The dynamics model {model.GetType().Name} gives next observations without a gradient, but the value gradient learns through it: " +
                $"take a model that is an {nameof(IDifferentiableDynamicsModel)}, such as rl.Dynamics.ProbabilisticEnsemble, or write Sample in tensor " +
                "operations without no_grad.");
        _outcomeGraph = Keep(cat([reward.unsqueeze(1), next], 1));
        Outcome = Keep(_outcomeGraph.detach());
        Terminated = terminated is null ? null : Keep(terminated.detach());
    }

    public void Backward(Tensor outcomeGradient)
    {
        if (_outcomeGraph is null) throw new InvalidOperationException("There is one backward pass for each step: call Forward before Backward.");
        using var scope = NewDisposeScope();
        Tensor[] gradients;
        lock (gate) gradients = [.. autograd.grad([_outcomeGraph], [_observation!, _action!], [outcomeGradient], allow_unused: true)];
        Set(ObservationGradient, gradients[0]);
        Set(ActionGradient, gradients[1]);
        _outcomeGraph = null;
    }

    public void Dispose()
    {
        Free();
        Outcome.Dispose();
        ObservationGradient.Dispose();
        ActionGradient.Dispose();
    }

    private static void Set(Tensor memory, Tensor? gradient)
    {
        using var noGradient = no_grad();
        if (gradient is null || gradient.IsInvalid) memory.zero_();
        else memory.copy_(gradient);
    }

    private static Tensor Rows(int rows, int width) => zeros([rows, width], ScalarType.Float32).DetachFromDisposeScope();

    private Tensor Keep(Tensor tensor)
    {
        _kept.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    private void Free()
    {
        foreach (var tensor in _kept) tensor.Dispose();
        _kept.Clear();
        _outcomeGraph = null;
    }
}
