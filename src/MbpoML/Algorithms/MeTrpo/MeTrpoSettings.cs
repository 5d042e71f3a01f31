using MbpoML.Imagination;

namespace MbpoML.Algorithms.MeTrpo;

/// <summary>What ME-TRPO needs to know beside its stages, resolved once from the options of its trainer.</summary>
/// <param name="StepsPerIteration">Real steps from one fit of the model to the next.</param>
/// <param name="MaxPolicyIterations">The most updates of the policy in one fitted model.</param>
/// <param name="ValidationInterval">Updates from one validation to the next.</param>
/// <param name="ValidationPatience">Updates without a policy that is kept, after which the optimization ends.</param>
/// <param name="ValidationShare">The share of the members in which a policy must not be worse to be kept.</param>
/// <param name="ValidationStarts">Start states of a validation.</param>
/// <param name="ActionNoise">The widest deviation of the noise on real actions; null: actions are drawn from the policy.</param>
/// <param name="ParameterNoise">The noise on the policy's numbers in a real episode, in units of their last change.</param>
/// <param name="ResetsDeviation">Whether each optimization begins with the widest noise of the policy again.</param>
/// <param name="Rollouts">Where episodes begin, and which member imagines.</param>
internal sealed record MeTrpoSettings(
    int StepsPerIteration,
    int MaxPolicyIterations,
    int ValidationInterval,
    int ValidationPatience,
    double ValidationShare,
    int ValidationStarts,
    double? ActionNoise,
    double ParameterNoise,
    bool ResetsDeviation,
    EpisodeRollouts.Options Rollouts);
