using MbpoML.Data;
using static TorchSharp.torch;

namespace MbpoML.Dynamics;

/// <summary>The tensor face of a fitted dynamics model: draws next observations and rewards for a batch.</summary>
public interface IDynamicsModel
{
    /// <summary>The sizes of the transitions it was fitted on.</summary>
    TransitionLayout Layout { get; }

    /// <summary>Draws one imagined step a row.</summary>
    /// <param name="observation">The observations, [batch, observation], in the environment's units, on any device.</param>
    /// <param name="action">The actions, [batch, action], in the environment's units, on the observations' device.</param>
    /// <param name="generator">The source of every draw. TorchSharp's generators work on the CPU, whatever device they were made for.</param>
    /// <returns>The steps, on the observations' device.</returns>
    /// <exception cref="ArgumentException">Another shape or type than float32, or the numbers of rows differ.</exception>
    /// <exception cref="ObjectDisposedException">The model, a tensor or the generator was disposed.</exception>
    DynamicsSample Sample(Tensor observation, Tensor action, Generator generator);
}
