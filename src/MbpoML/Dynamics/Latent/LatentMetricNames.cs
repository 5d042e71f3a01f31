namespace MbpoML.Dynamics.Latent;

/// <summary>The names of the metrics that the updates of a latent dynamics model give, in the order of docs/metrics.md, which explains each.</summary>
public static class LatentMetricNames
{
    /// <summary>What is minimised, in nats a step but for constants.</summary>
    public const string Loss = "model/loss";

    /// <summary>The part of the frames.</summary>
    public const string FrameLoss = "model/frame-loss";

    /// <summary>The part of the rewards, before it is multiplied.</summary>
    public const string RewardLoss = "model/reward-loss";

    /// <summary>The divergence of posterior and prior, in nats a step, before anything of it is free.</summary>
    public const string Divergence = "model/divergence";

    /// <summary>Updates of the model since the run began.</summary>
    public const string Updates = "model/updates";
}
