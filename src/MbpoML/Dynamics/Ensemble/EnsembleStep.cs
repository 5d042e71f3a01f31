using System.Runtime.InteropServices;
using MbpoML.Dynamics.Ensemble.Serving;
using MbpoML.Numerics.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>
/// One imagined step of a batch, forwards and backwards: what <see cref="EnsembleModel.Sample"/> draws, and how a loss changes with the observations and
/// actions that it was drawn for. A learner that differentiates through the model keeps one object for each step of its horizon.
/// </summary>
/// <param name="model">As it is at the time of each step; not disposed here.</param>
/// <param name="batch">Rows of each step, at least 1.</param>
/// <remarks>
/// The member and the noise of each row are given, so that the outcome is a smooth function of its observation and action. One object serves one thread.
/// </remarks>
internal abstract class EnsembleStep(EnsembleModel model, int batch) : DifferentiableStep(model.Layout, batch, model.Device)
{
    private readonly Tensor _drawn = zeros([batch], ScalarType.Int64).DetachFromDisposeScope();
    private readonly Tensor _noise = zeros([batch, 1 + model.Layout.ObservationSize], ScalarType.Float32).DetachFromDisposeScope();

    protected EnsembleModel Model => model;

    public override void Forward(Tensor observation, Tensor action, Generator generator)
    {
        // Memory that stands, and torch's own fillers: the numbers of Model.Draw.
        TensorCheck.Alive(generator);
        _drawn.random_(0, Model.EliteCount, generator);
        _noise.normal_(generator: generator);
        if (Model.Device.type == DeviceType.CPU)
        {
            Forward(observation, action, _drawn, _noise);
            return;
        }

        using var moved = _noise.to(Model.Device);
        Forward(observation, action, _drawn, moved);
    }

    /// <summary>Draws the outcome as <see cref="EnsembleModel.Sample"/> does with the same draws.</summary>
    /// <param name="observation">[batch, observation], environment units, on the model's device.</param>
    /// <param name="action">[batch, action], environment units, on the model's device.</param>
    /// <param name="drawn">int64 [batch], on the CPU: an index into the model's elites for each row.</param>
    /// <param name="noise">[batch, 1 + observation], standard normal.</param>
    /// <exception cref="ArgumentException">Another shape or type.</exception>
    /// <exception cref="ObjectDisposedException">The model or a tensor was disposed.</exception>
    public void Forward(Tensor observation, Tensor action, Tensor drawn, Tensor noise)
    {
        ObjectDisposedException.ThrowIf(Model.Network.Flat.IsInvalid, typeof(DynamicsTransformer));
        BeginForward(observation, action);
        RequireRows(TensorCheck.Matrix(noise, 1 + Model.Layout.ObservationSize), nameof(noise));
        CheckDrawn(drawn);
        Draw(observation, action, drawn, noise);
        EndForward();
    }

    /// <summary>Sets the outcome from checked arguments.</summary>
    protected abstract void Draw(Tensor observation, Tensor action, Tensor drawn, Tensor noise);

    protected override void Free()
    {
        _drawn.Dispose();
        _noise.Dispose();
    }

    private void CheckDrawn(Tensor drawn)
    {
        TensorCheck.Alive(drawn);
        if (drawn.dim() != 1 || drawn.dtype != ScalarType.Int64 || drawn.device_type != DeviceType.CPU || !drawn.is_contiguous())
            throw new ArgumentException(
                Invariant($"drawn is {drawn.dtype} of {drawn.dim()} dimensions on {drawn.device}, but must be Int64 [rows] on the CPU, without gaps."),
                nameof(drawn));
        RequireRows(drawn, nameof(drawn));
        foreach (var elite in MemoryMarshal.Cast<byte, long>(drawn.bytes))
        {
            if (elite < 0 || elite >= Model.EliteCount)
                throw new ArgumentException(Invariant($"drawn holds {elite}, but there are {Model.EliteCount} elites."), nameof(drawn));
        }
    }
}
