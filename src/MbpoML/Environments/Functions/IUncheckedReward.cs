using static TorchSharp.torch;

namespace MbpoML.Environments.Functions;

/// <summary>A reward function that refuses results that are not finite, and that can be asked for them nevertheless.</summary>
internal interface IUncheckedReward
{
    /// <summary>Evaluates a batch like <see cref="IRewardFunction.Evaluate"/>, but gives what is not finite as it is.</summary>
    /// <param name="observation">The observations before the step, [batch, observation].</param>
    /// <param name="action">The actions, [batch, action].</param>
    /// <param name="nextObservation">The observations after the step, [batch, observation].</param>
    /// <returns>Rewards, float32 [batch]; the caller disposes it.</returns>
    Tensor EvaluateUnchecked(Tensor observation, Tensor action, Tensor nextObservation);
}
