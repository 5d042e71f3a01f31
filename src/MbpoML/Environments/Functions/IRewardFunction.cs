using static TorchSharp.torch;

namespace MbpoML.Environments.Functions;

/// <summary>
/// Gives, for a batch of imagined transitions, the reward of each where its formula is known. See <see cref="RewardFunction"/> for ways to make one.
/// </summary>
public interface IRewardFunction
{
    /// <summary>Evaluates a batch, in the environment's units.</summary>
    /// <param name="observation">The observations before the step, [batch, observation].</param>
    /// <param name="action">The actions, [batch, action].</param>
    /// <param name="nextObservation">The observations after the step, [batch, observation].</param>
    /// <returns>Rewards, float32 [batch], on the arguments' device; the caller disposes it.</returns>
    Tensor Evaluate(Tensor observation, Tensor action, Tensor nextObservation);
}
