using MbpoML.Environments;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Latent;

/// <summary>
/// A model of what is not seen: it makes a belief of frames and actions, and imagines how the belief goes on. To imagination and planners it is a dynamics
/// model whose observations are beliefs.
/// </summary>
/// <remarks>A belief of zeros is that of the beginning: nothing was seen yet, and the action before counts as none.</remarks>
public interface ILatentDynamicsModel : IDynamicsModel
{
    /// <summary>The frames that it sees and imagines.</summary>
    FrameShape Frames { get; }

    /// <summary>Where it computes: beliefs that stand there need no copies.</summary>
    Device Device { get; }

    /// <summary>The numbers of a belief: the observations of the model's <see cref="IDynamicsModel.Layout"/>.</summary>
    int BeliefSize => Layout.ObservationSize;

    /// <summary>The belief after one more frame.</summary>
    /// <param name="belief">The beliefs before the action, [rows, belief]; zeros before the first frame of an episode.</param>
    /// <param name="previousAction">The actions that led to the frames, [rows, action], in the environment's units.</param>
    /// <param name="frame">The frames, [rows, channels · height · width], with values from 0 to 255.</param>
    /// <param name="generator">The generator of all random numbers of the draw.</param>
    /// <returns>[rows, belief], on the device of the belief; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">Another shape or type than float32, or the numbers of rows differ.</exception>
    /// <exception cref="ObjectDisposedException">The model, a tensor or the generator was disposed.</exception>
    Tensor Update(Tensor belief, Tensor previousAction, Tensor frame, Generator generator);

    /// <summary>The most likely frame of each belief.</summary>
    /// <param name="belief">The beliefs, float32 [rows, belief].</param>
    /// <returns>[rows, channels · height · width], values 0 to 255, on the device of the belief; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">Another shape or type than float32.</exception>
    /// <exception cref="ObjectDisposedException">The model or the tensor was disposed.</exception>
    Tensor Decode(Tensor belief);
}
