namespace MbpoML.Policies.ValueGradient;

/// <summary>
/// What updates measure, in the order in which implementations sum it: first what each update of the critics does, then what the policy's does.
/// </summary>
internal static class ValueGradientMetrics
{
    public const int CriticLoss = 0, Value = 1, Low = 2, High = 3, Length = 4, CriticGradient = 5;

    public const int ActorLoss = 6, Alpha = 7, Entropy = 8, AlphaLoss = 9, ActorGradient = 10;

    /// <summary>The number of metrics that an update of the critics alone has too.</summary>
    public const int OfCritics = 6;

    /// <summary>
    /// Critic loss L_Q of one critic on average; mean Q at the start states; the bounds of the values; imagined steps until the task ended; norm of the
    /// critics' gradient; L_π; α; -mean log π at the start states; L_α; norm of the actor's gradient.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "policy/q-loss", "policy/q-mean", "policy/q-low", "policy/q-high", "policy/imagined-length", "policy/q-gradient-norm",
        "policy/policy-loss", "policy/alpha", "policy/entropy", "policy/alpha-loss", "policy/policy-gradient-norm",
    ];
}
