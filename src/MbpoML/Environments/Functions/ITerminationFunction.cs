using static TorchSharp.torch;

namespace MbpoML.Environments.Functions;

/// <summary>Tells, for a batch of imagined transitions, which of them end the task. See <see cref="TerminationFunction"/> for ways to make one.</summary>
public interface ITerminationFunction
{
    /// <summary>Evaluates a batch, in the environment's units.</summary>
    /// <param name="observation">The observations before the step, [batch, observation].</param>
    /// <param name="action">The actions, [batch, action].</param>
    /// <param name="nextObservation">The observations after the step, [batch, observation].</param>
    /// <returns>Booleans, [batch], on the arguments' device; the caller disposes it.</returns>
    Tensor Evaluate(Tensor observation, Tensor action, Tensor nextObservation);
}
