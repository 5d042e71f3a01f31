namespace MbpoML.Training;

/// <summary>The noise with which a policy draws the actions that it takes in the environment.</summary>
public enum ExplorationNoise
{
    /// <summary>Each step by itself, as the policy draws: what MBPO does.</summary>
    White,

    /// <summary>
    /// tanh(μ + σ ε) with ε standard normal at each step, but pink along the steps: its power falls with the frequency as 1/f. Each action dimension has a
    /// sequence of its own of 1000 steps, which runs through the ends of episodes, and then a new one (MACURA, ICML 2024; Eberhard et al., "Pink noise is all
    /// you need", ICLR 2023). The policy must be one whose actor is an <see cref="Acting.INoisyActor"/>.
    /// </summary>
    Pink,
}
