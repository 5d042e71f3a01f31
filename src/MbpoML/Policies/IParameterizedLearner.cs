using static TorchSharp.torch;

namespace MbpoML.Policies;

/// <summary>
/// A policy learner whose policy is a vector of numbers, which an algorithm may keep, disturb and put back. ME-TRPO explores with disturbed numbers, and goes
/// back to the last numbers that its models agreed on.
/// </summary>
public interface IParameterizedLearner : IPolicyLearner
{
    /// <summary>The numbers of the policy, [parameters], shared: what is written here is the policy from then on.</summary>
    Tensor Parameters { get; }

    /// <summary>The most likely action of each row, were the policy one of other numbers.</summary>
    /// <param name="observation">The observations, [batch, observation], on any device.</param>
    /// <param name="parameters">The parameters of the policy, [parameters], on the learner's device; only read.</param>
    /// <returns>[batch, action] on the observations' device; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">Another shape or type.</exception>
    Tensor Act(Tensor observation, Tensor parameters);

    /// <summary>Sets the spread of the drawn actions back to what it was before the first update.</summary>
    void ResetDeviation();
}
