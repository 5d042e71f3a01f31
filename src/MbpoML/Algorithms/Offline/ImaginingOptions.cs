using MbpoML.Numerics;

namespace MbpoML.Algorithms.Offline;

/// <summary>What the methods with a model have in common: the model is fitted once, and rollouts branch from logged states.</summary>
public abstract class ImaginingOptions : OfflineOptions
{
    private protected ImaginingOptions()
        : base(updates: 100_000)
    {
    }

    /// <summary>k, imagined steps from each logged state. Default: 5 (MOPO and MOBILE on most tasks; 1 on some).</summary>
    public int RolloutLength { get; set; } = 5;

    /// <summary>
    /// Rollouts begun each time, from logged states drawn uniformly. Default: 10,000, our choice: a fifth of OfflineRL-Kit's, which takes a fifth of the time.
    /// </summary>
    public int RolloutBatchSize { get; set; } = 10_000;

    /// <summary>Updates from one time at which rollouts begin to the next. Default: 1000 (OfflineRL-Kit, rollout_freq).</summary>
    public int RolloutInterval { get; set; } = 1000;

    /// <summary>From how many times imagined transitions are kept. Default: 5 (OfflineRL-Kit, model_retain_epochs).</summary>
    public int RetainedRollouts { get; set; } = 5;

    /// <summary>The share of each minibatch that is logged, from 0 to 1, rounded down to whole rows. Default: 0.05 (MOPO, MOBILE).</summary>
    public double RealRatio { get; set; } = 0.05;

    /// <summary>Logged rows of a minibatch.</summary>
    internal int RealRows => (int)(RealRatio * BatchSize);

    /// <summary>The most imagined transitions that are kept.</summary>
    internal long PoolCapacity => (long)RetainedRollouts * RolloutBatchSize * RolloutLength;

    internal override void Validate()
    {
        base.Validate();
        Check.AtLeast(1, RolloutLength);
        Check.AtLeast(1, RolloutBatchSize);
        Check.AtLeast(1, RolloutInterval);
        Check.AtLeast(1, RetainedRollouts);
        Check.Within(0, 1, RealRatio);
    }
}
