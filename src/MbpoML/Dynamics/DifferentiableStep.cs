using MbpoML.Data;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Dynamics;

/// <summary>
/// What the imagined steps of our models have in common: the tensors that they lend, the checks of what they are given, and one backward pass for each step.
/// </summary>
internal abstract class DifferentiableStep : IDifferentiableStep
{
    private bool _isForward;

    /// <param name="layout">The sizes of the transitions.</param>
    /// <param name="batch">Rows of each step, at least 1.</param>
    /// <param name="device">Where the model stands.</param>
    protected DifferentiableStep(TransitionLayout layout, int batch, Device device)
    {
        (Layout, Batch) = (layout, Check.AtLeast(1, batch));
        Tensor Rows(int width) => zeros([batch, width], ScalarType.Float32, device).DetachFromDisposeScope();
        (Outcome, ObservationGradient, ActionGradient) = (Rows(1 + layout.ObservationSize), Rows(layout.ObservationSize), Rows(layout.ActionSize));
    }

    /// <summary>Rewards and next observations, environment units, until the next step: [batch, 1 + observation].</summary>
    public Tensor Outcome { get; }

    /// <summary>The derivative of the loss by the observations, until the next backward pass: [batch, observation].</summary>
    public Tensor ObservationGradient { get; }

    /// <summary>The derivative of the loss by the actions, until the next backward pass: [batch, action].</summary>
    public Tensor ActionGradient { get; }

    protected TransitionLayout Layout { get; }

    protected int Batch { get; }

    public abstract void Forward(Tensor observation, Tensor action, Generator generator);

    /// <summary>Sets <see cref="ObservationGradient"/> and <see cref="ActionGradient"/>; once for each step.</summary>
    /// <param name="outcomeGradient">The derivative of the loss by <see cref="Outcome"/>: [batch, 1 + observation], on the model's device.</param>
    /// <exception cref="ArgumentException">Another shape or type.</exception>
    /// <exception cref="InvalidOperationException">There was no step since the last backward pass.</exception>
    public void Backward(Tensor outcomeGradient)
    {
        RequireRows(TensorCheck.Matrix(outcomeGradient, 1 + Layout.ObservationSize), nameof(outcomeGradient));
        if (!_isForward) throw new InvalidOperationException("There is one backward pass for each step: call Forward before Backward.");
        _isForward = false;
        Differentiate(outcomeGradient);
    }

    public void Dispose()
    {
        Free();
        Outcome.Dispose();
        ObservationGradient.Dispose();
        ActionGradient.Dispose();
    }

    /// <summary>Checks what a step is imagined from. What was kept from the step before counts no more.</summary>
    protected void BeginForward(Tensor observation, Tensor action)
    {
        RequireRows(TensorCheck.Matrix(observation, Layout.ObservationSize), nameof(observation));
        RequireRows(TensorCheck.Matrix(action, Layout.ActionSize), nameof(action));
        _isForward = false;
    }

    /// <summary>The step is there, and may go backwards once.</summary>
    protected void EndForward() => _isForward = true;

    /// <summary>Sets both gradients, after a step.</summary>
    protected abstract void Differentiate(Tensor outcomeGradient);

    /// <summary>Gives back what the step keeps between its passes.</summary>
    protected abstract void Free();

    protected void RequireRows(Tensor value, string name)
    {
        if (value.size(0) != Batch) throw new ArgumentException(Invariant($"{name} has {value.size(0)} rows, but this step was made for {Batch}."), name);
    }
}
