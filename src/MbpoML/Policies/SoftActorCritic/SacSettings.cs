using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics.Networks;

namespace MbpoML.Policies.SoftActorCritic;

/// <summary>The validated numbers of one learner, with the defaults that depend on the sizes filled in.</summary>
internal sealed record SacSettings(TransitionLayout Layout, BoxSpace ActionSpace, IReadOnlyList<int> HiddenSizes)
{
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>The learning rate of the actor; null: <see cref="LearningRate"/>.</summary>
    public double? ActorLearningRate { get; init; }

    /// <summary>The learning rate of log α; null: <see cref="LearningRate"/>.</summary>
    public double? EntropyLearningRate { get; init; }

    public double Discount { get; init; } = 0.99;

    /// <summary>τ: how far the target critics move towards the critics in each update.</summary>
    public double TargetSmoothing { get; init; } = 0.005;

    public double RewardScale { get; init; } = 1;

    /// <summary>In nats, of the action scaled to [-1, 1].</summary>
    public double TargetEntropy { get; init; } = -Layout.ActionSize;

    /// <summary>A constant α, or null when it is learned.</summary>
    public double? EntropyCoefficient { get; init; }

    /// <summary>The largest α while it is learned, or null.</summary>
    public double? MaxEntropyCoefficient { get; init; }

    /// <summary>Whether the critics' target counts the entropy of what comes.</summary>
    public bool EntropyInTarget { get; init; } = true;

    /// <summary>The critics' target is not below this, or null.</summary>
    public double? LeastTarget { get; init; }

    /// <summary>The largest norm of each network's gradient, or null.</summary>
    public double? GradientClipping { get; init; }

    /// <summary>The largest |mean Q| that counts as sound, or null for one that follows from the rewards.</summary>
    public double? MaxAbsoluteQ { get; init; }

    /// <summary>Whether the networks see observations of zero mean and unit variance.</summary>
    public bool StandardizeObservations { get; init; }

    /// <summary>Whether rewards are divided by their root mean square.</summary>
    public bool NormalizeRewards { get; init; }

    /// <summary>H, imagined steps that the critics' target looks ahead; 0 for none.</summary>
    public int ValueExpansionSteps { get; init; }

    /// <summary>Observation to means and log standard deviations.</summary>
    public NetworkShape Actor { get; } = new(Layout.ObservationSize, HiddenSizes, 2 * Layout.ActionSize, Activation.Relu);

    /// <summary>Observation and scaled action to value.</summary>
    public NetworkShape Critic { get; } = new(Layout.ObservationSize + Layout.ActionSize, HiddenSizes, 1, Activation.Relu);
}
