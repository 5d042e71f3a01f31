using MbpoML.Numerics;

namespace MbpoML.Theory;

/// <summary>
/// k*: the rollout length with the least penalty of Theorem 4.3 (<see cref="ReturnBounds.BranchedRolloutsOfCurrentPolicy"/>), the smallest where several have
/// it.
/// </summary>
/// <remarks>
/// Its penalty is 2 r_max (γ^k ε_π / (1 − γ) + k ε_m′) / (1 − γ), and one more step changes that by 2 r_max (ε_m′ − γ^k ε_π) / (1 − γ):
/// steps are worth while until γ^k ε_π has fallen to ε_m′. r_max cancels. Of Theorem 4.2 the best k is always 0.
/// </remarks>
public static class OptimalRolloutLength
{
    /// <summary>k* = ⌈ln(ε_π / ε_m′) / ln(1 / γ)⌉, and 0 where ε_m′ ≥ ε_π; about ln(ε_π / ε_m′) / (1 − γ).</summary>
    /// <param name="currentModelError">ε_m′, the error of the model under the current policy, from 0 to 1.</param>
    /// <param name="policyShift">ε_π, the shift of the policy from the collecting one, from 0 to 1.</param>
    /// <param name="discount">γ, the discount factor, at least 0 and below 1.</param>
    /// <param name="longest">The answer is at most this; a model without error could be rolled out for ever.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside what is said of it.</exception>
    public static int Of(double currentModelError, double policyShift, double discount, int longest = int.MaxValue)
    {
        CheckArguments(currentModelError, policyShift, discount, longest);
        if (currentModelError >= policyShift) return 0;
        if (currentModelError == 0) return discount == 0 ? Math.Min(1, longest) : longest;
        var exact = Math.Ceiling(Math.Log(policyShift / currentModelError) / -Math.Log(discount));
        var length = (int)Math.Clamp(exact, 0, longest);
        // The logarithms are rounded: where k is all but a whole number, the definition decides.
        while (length > 0 && !IsWorthwhile(currentModelError, policyShift, discount, length - 1)) length--;
        while (length < longest && IsWorthwhile(currentModelError, policyShift, discount, length)) length++;
        return length;
    }

    /// <summary>k* by trying every length.</summary>
    /// <param name="currentModelError">ε_m′, the error of the model under the current policy, from 0 to 1.</param>
    /// <param name="policyShift">ε_π, the shift of the policy from the collecting one, from 0 to 1.</param>
    /// <param name="discount">γ, the discount factor, at least 0 and below 1.</param>
    /// <param name="longest">The last one that is tried, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside what is said of it.</exception>
    public static int Search(double currentModelError, double policyShift, double discount, int longest)
    {
        CheckArguments(currentModelError, policyShift, discount, longest);
        var (best, least) = (0, double.PositiveInfinity);
        for (var length = 0; ; length++)
        {
            var penalty = ReturnBounds.BranchedRolloutsOfCurrentPolicy(currentModelError, policyShift, discount, maxReward: 1, length);
            if (penalty < least) (best, least) = (length, penalty);
            // Not a condition of the loop: every length is at most the largest integer.
            if (length == longest) return best;
        }
    }

    /// <summary>Whether any imagined step is worth while: k* > 0 where ε_m / ε_π + dε_m′/dε_π &lt; 1.</summary>
    /// <param name="generalization">ε_m on the collecting policy's own distribution, and its slope in ε_π.</param>
    /// <param name="policyShift">ε_π, the shift of the policy from the collecting one, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The shift is not between 0 and 1.</exception>
    public static bool TrustsModel(ModelGeneralization generalization, double policyShift) => generalization.ErrorAt(policyShift) < policyShift;

    private static bool IsWorthwhile(double error, double shift, double discount, int length) => error < Math.Pow(discount, length) * shift;

    private static void CheckArguments(double currentModelError, double policyShift, double discount, int longest)
    {
        Check.Within(0, 1, currentModelError);
        Check.Within(0, 1, policyShift);
        if (discount is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(discount), Check.Told(discount), "discount must be at least 0 and below 1.");
        Check.AtLeast(0, longest);
    }
}
