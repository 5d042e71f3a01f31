namespace MbpoML.Policies.SoftActorCritic;

/// <summary>What an update measures, in the order in which implementations sum it.</summary>
internal static class SacMetrics
{
    public const int CriticLoss = 0, ActorLoss = 1, Alpha = 2, Entropy = 3, Value = 4, AlphaLoss = 5;

    /// <summary>Critic loss J_Q of one critic on average; J_π; α; -mean log π; mean Q of both critics at the data; J_α.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["policy/q-loss", "policy/policy-loss", "policy/alpha", "policy/entropy", "policy/q-mean", "policy/alpha-loss"];
}
