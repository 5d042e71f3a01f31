using MbpoML.Numerics;

namespace MbpoML.Theory;

/// <summary>The bounds as the slides of the talk "When to Trust Your Model" print them, where they differ from the paper.</summary>
/// <remarks>
/// The three slides "Bounding returns" show Theorem 4.2 (<see cref="ReturnBounds.BranchedRollouts"/>); the first one's caption says "model rollouts" where
/// branched ones are meant. "When k = 1 this corresponds to Dyna" holds for the rollouts, not for a term of the bound.
/// </remarks>
public static class SlideVariants
{
    /// <summary>
    /// The second formula of the slide "(Better) bounds": 2 r_max (γ^(k+1) ε_π / (1 − γ)² + (γ^k + 2) ε_π / (1 − γ) + k (ε_m + dε_m/dε_π) / (1
    /// − γ)).
    /// </summary>
    /// <remarks>
    /// Two slips beside Theorem 4.3: the slope is not multiplied with ε_π (ε_m + ε_π · dε_m/dε_π is meant), and (γ^k + 2) stands where γ^k belongs.
    /// The second is the same for every k and leaves the best length as it is. The first overstates the model's error and shortens the best length for a
    /// positive slope. For a negative slope it is the reverse: the error is understated, even below 0, and the best length grows.
    /// </remarks>
    /// <param name="generalization">ε_m on the collecting policy's own distribution, and its slope in ε_π.</param>
    /// <param name="policyShift">ε_π, the shift of the policy from the collecting one, from 0 to 1.</param>
    /// <param name="discount">γ, the discount factor, at least 0 and below 1.</param>
    /// <param name="maxReward">r_max: no reward is larger in absolute value.</param>
    /// <param name="rolloutLength">k, the number of imagined steps of a rollout, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside what is said of it.</exception>
    public static double BetterBound(ModelGeneralization generalization, double policyShift, double discount, double maxReward, int rolloutLength)
    {
        Check.Within(0, 1, policyShift);
        var atBranch = ReturnBounds.BranchedReturnDifference(0, policyShift, 0, policyShift, discount, maxReward, rolloutLength: 0);
        var beforeBranch = ReturnBounds.BranchedReturnDifference(0, policyShift, 0, 0, discount, maxReward, rolloutLength);
        // The constant term alone: 2 ε_π / (1 − γ).
        var constant = 2 * (atBranch - ReturnBounds.BranchedReturnDifference(0, policyShift, 0, 0, discount, maxReward, rolloutLength: 0));
        return beforeBranch + constant + (2 * maxReward * rolloutLength * (generalization.ErrorOnData + generalization.Slope) / (1 - discount));
    }
}
