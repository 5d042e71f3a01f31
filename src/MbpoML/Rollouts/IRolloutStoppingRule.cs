using static TorchSharp.torch;

namespace MbpoML.Rollouts;

/// <summary>Ends single rollouts before the schedule's length, for instance where the model is uncertain.</summary>
public interface IRolloutStoppingRule
{
    /// <summary>Whether the step at which a rollout is stopped is itself kept (marked as truncated, so that the value bootstraps from it) or thrown away.</summary>
    bool KeepsLastStep => true;

    /// <summary>Tells which rollouts go on.</summary>
    /// <returns>Booleans, [batch]: true to go on; the caller disposes it.</returns>
    Tensor Continues(RolloutStep step);
}
