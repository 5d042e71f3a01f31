using System.Runtime.InteropServices;
using MbpoML.Dynamics.Ensemble.Serving;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>
/// One imagined step of a batch, forwards and backwards: what <see cref="EnsembleModel.Sample"/> draws, and how a loss changes with the observations and
/// actions that it was drawn for. A learner that differentiates through the model keeps one object for each step of its horizon.
/// </summary>
/// <remarks>
/// The member and the noise of each row are given, so that the outcome is a smooth function of its observation and action. One object serves one thread.
/// </remarks>
internal abstract class EnsembleStep : IDifferentiableStep
{
    private bool _isForward;

    /// <param name="model">As it is at the time of each step; not disposed here.</param>
    /// <param name="batch">Rows of each step, at least 1.</param>
    protected EnsembleStep(EnsembleModel model, int batch)
    {
        (Model, Batch) = (model, Check.AtLeast(1, batch));
        var (observations, actions) = (model.Layout.ObservationSize, model.Layout.ActionSize);
        Tensor Rows(int width) => zeros([batch, width], ScalarType.Float32, model.Device).DetachFromDisposeScope();
        (Outcome, ObservationGradient, ActionGradient) = (Rows(1 + observations), Rows(observations), Rows(actions));
    }

    /// <summary>Rewards and next observations, environment units, until the next step: [batch, 1 + observation].</summary>
    public Tensor Outcome { get; }

    /// <summary>The derivative of the loss by the observations, until the next backward pass: [batch, observation].</summary>
    public Tensor ObservationGradient { get; }

    /// <summary>The derivative of the loss by the actions, until the next backward pass: [batch, action].</summary>
    public Tensor ActionGradient { get; }

    protected EnsembleModel Model { get; }

    protected int Batch { get; }

    public void Forward(Tensor observation, Tensor action, Generator generator)
    {
        using var scope = NewDisposeScope();
        var (drawn, noise) = Model.Draw(Batch, generator);
        Forward(observation, action, drawn, noise.to(Model.Device));
    }

    /// <summary>Draws <see cref="Outcome"/> as <see cref="EnsembleModel.Sample"/> does with the same draws.</summary>
    /// <param name="observation">[batch, observation], environment units, on the model's device.</param>
    /// <param name="action">[batch, action], environment units, on the model's device.</param>
    /// <param name="drawn">int64 [batch], on the CPU: an index into the model's elites for each row.</param>
    /// <param name="noise">[batch, 1 + observation], standard normal.</param>
    /// <exception cref="ArgumentException">Another shape or type.</exception>
    /// <exception cref="ObjectDisposedException">The model or a tensor was disposed.</exception>
    public void Forward(Tensor observation, Tensor action, Tensor drawn, Tensor noise)
    {
        ObjectDisposedException.ThrowIf(Model.Network.Flat.IsInvalid, typeof(DynamicsTransformer));
        Rows(TensorCheck.Matrix(observation, Model.Layout.ObservationSize), nameof(observation));
        Rows(TensorCheck.Matrix(action, Model.Layout.ActionSize), nameof(action));
        Rows(TensorCheck.Matrix(noise, 1 + Model.Layout.ObservationSize), nameof(noise));
        CheckDrawn(drawn);
        _isForward = false;
        Draw(observation, action, drawn, noise);
        _isForward = true;
    }

    /// <summary>Sets <see cref="ObservationGradient"/> and <see cref="ActionGradient"/>; once for each step.</summary>
    /// <param name="outcomeGradient">The derivative of the loss by <see cref="Outcome"/>: [batch, 1 + observation], on the model's device.</param>
    /// <exception cref="ArgumentException">Another shape or type.</exception>
    /// <exception cref="InvalidOperationException">There was no step since the last backward pass.</exception>
    public void Backward(Tensor outcomeGradient)
    {
        Rows(TensorCheck.Matrix(outcomeGradient, 1 + Model.Layout.ObservationSize), nameof(outcomeGradient));
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

    /// <summary>Sets <see cref="Outcome"/> from checked arguments.</summary>
    protected abstract void Draw(Tensor observation, Tensor action, Tensor drawn, Tensor noise);

    /// <summary>Sets both gradients, after a <see cref="Draw"/>.</summary>
    protected abstract void Differentiate(Tensor outcomeGradient);

    /// <summary>Gives back what the step keeps between its passes.</summary>
    protected abstract void Free();

    private void CheckDrawn(Tensor drawn)
    {
        TensorCheck.Alive(drawn);
        if (drawn.dim() != 1 || drawn.dtype != ScalarType.Int64 || drawn.device_type != DeviceType.CPU || !drawn.is_contiguous())
            throw new ArgumentException(
                Invariant($"drawn is {drawn.dtype} of {drawn.dim()} dimensions on {drawn.device}, but must be Int64 [rows] on the CPU, without gaps."),
                nameof(drawn));
        Rows(drawn, nameof(drawn));
        foreach (var elite in MemoryMarshal.Cast<byte, long>(drawn.bytes))
        {
            if (elite < 0 || elite >= Model.EliteCount)
                throw new ArgumentException(Invariant($"drawn holds {elite}, but there are {Model.EliteCount} elites."), nameof(drawn));
        }
    }

    private void Rows(Tensor value, string name)
    {
        if (value.size(0) != Batch) throw new ArgumentException(Invariant($"{name} has {value.size(0)} rows, but this step was made for {Batch}."), name);
    }
}
