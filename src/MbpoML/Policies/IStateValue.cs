using static TorchSharp.torch;

namespace MbpoML.Policies;

/// <summary>A policy learner whose critics say what states are worth under its policy. A planner can look that far beyond its horizon.</summary>
public interface IStateValue
{
    /// <summary>The value of states: what the most careful critic says of the policy's most likely action there.</summary>
    /// <param name="observation">The observations, [batch, observation], in the environment's units; only lent.</param>
    /// <returns>float32 [batch], in units of the environment's rewards, on the observations' device; the caller disposes it.</returns>
    Tensor Value(Tensor observation);
}
