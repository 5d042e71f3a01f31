using MbpoML.Environments;
using static TorchSharp.torch;

namespace MbpoML.Acting;

/// <summary>The tensor face of a policy: observations in, actions out, both in the environment's units.</summary>
public interface IPolicy
{
    /// <summary>n, the number of observation dimensions.</summary>
    int ObservationSize { get; }

    /// <summary>The actions it gives, with finite bounds.</summary>
    BoxSpace ActionSpace { get; }

    /// <summary>The most likely action of each row, without randomness.</summary>
    /// <param name="observation">The observations, [batch, observation], on any device.</param>
    /// <returns>[batch, action] on the observations' device; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The tensor is not float32 [batch, observation].</exception>
    Tensor Act(Tensor observation);

    /// <summary>An action drawn from the policy for each row.</summary>
    /// <param name="observation">The observations, [batch, observation], on any device.</param>
    /// <param name="generator">The source of every draw. TorchSharp's generators work on the CPU, whatever device they were made for.</param>
    /// <returns>[batch, action] on the observations' device; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The tensor is not float32 [batch, observation].</exception>
    /// <exception cref="ObjectDisposedException">The policy, the tensor or the generator was disposed.</exception>
    Tensor Sample(Tensor observation, Generator generator);

    /// <summary>The policy at work in episodes. By default it decides by the observation alone, through <see cref="Act"/> and <see cref="Sample"/>.</summary>
    /// <returns>The caller disposes it; the policy must live as long.</returns>
    IActor NewActor() => new MemorylessActor(this);
}
