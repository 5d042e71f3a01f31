using MbpoML.Numerics;

namespace MbpoML.Theory;

/// <summary>
/// How much less than in the model a policy may return in the environment: the theorems of "When to Trust Your Model" (Janner et al., NeurIPS 2019) and the
/// lemmas they stand on.
/// </summary>
/// <remarks>
/// <para>
/// Every method gives a penalty, not negative: return in the environment ≥ return in the model − penalty. Returns are discounted sums from the first step
/// on. Errors and shifts are total variation distances D_TV, from 0 to 1; <see cref="TotalVariation"/> has what is known of them from a Kullback-Leibler
/// divergence.
/// </para>
/// <para>
/// Use the order of the numbers, not their size. A return lies between ± r_max / (1 − γ), and with γ = 0.99 and a shift of 0.1 the penalties are some ten times
/// as wide. They say which rollout length is best and which way more data moves it; see <see cref="OptimalRolloutLength"/>.
/// </para>
/// <para>The paper's appendix writes the Kullback-Leibler divergence in lemmas B.2 to B.4; their proofs need D_TV, which is what is meant here.</para>
/// </remarks>
public static class ReturnBounds
{
    /// <summary>
    /// Theorem 4.1, rollouts from the start to the end in the model: η[π] ≥ η̂[π] − (2 γ r_max (ε_m + 2 ε_π) / (1 − γ)² + 4 r_max ε_π / (1
    /// − γ)).
    /// </summary>
    /// <param name="modelError">ε_m: the largest over time of the mean D_TV between the environment's transition and the model's, on states and actions of the
    /// policy that collected the data.</param>
    /// <param name="policyShift">ε_π: the largest D_TV over all states between the policy and the one that collected the data.</param>
    /// <param name="discount">γ, the discount factor, at least 0 and below 1.</param>
    /// <param name="maxReward">r_max: no reward is larger in absolute value.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside what is said of it.</exception>
    public static double ModelRollouts(double modelError, double policyShift, double discount, double maxReward) =>
        ReturnDifference(0, policyShift, discount, maxReward) + ReturnDifference(modelError, policyShift, discount, maxReward);

    /// <summary>
    /// Theorem 4.2, rollouts of k steps branched off states of the policy that collected the data, with the model's error known on its data only:
    /// η[π] ≥ η_branch[π] − 2 r_max (γ^(k+1) ε_π / (1 − γ)² + (γ^k + 2) ε_π / (1 − γ) + k (ε_m + 2 ε_π) / (1 − γ)). The least
    /// penalty is always that of k = 0.
    /// </summary>
    /// <param name="modelError">ε_m, the error of the model, as for <see cref="ModelRollouts"/>.</param>
    /// <param name="policyShift">ε_π, the shift of the policy, as for <see cref="ModelRollouts"/>.</param>
    /// <param name="discount">γ, the discount factor, at least 0 and below 1.</param>
    /// <param name="maxReward">r_max: no reward is larger in absolute value.</param>
    /// <param name="rolloutLength">k, the number of imagined steps of a rollout, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside what is said of it.</exception>
    public static double BranchedRollouts(double modelError, double policyShift, double discount, double maxReward, int rolloutLength)
    {
        Check.Within(0, 1, modelError);
        Check.Within(0, 1, policyShift);
        var horizon = Horizon(discount);
        var inRollout = rolloutLength * (modelError + (2 * policyShift)) * horizon;
        return BeforeBranch(policyShift, discount, maxReward, rolloutLength) + (2 * maxReward * ((2 * policyShift * horizon) + inRollout));
    }

    /// <summary>
    /// Theorem 4.3, the same rollouts with the model's error known under the policy itself:
    /// η[π] ≥ η_branch[π] − 2 r_max (γ^(k+1) ε_π / (1 − γ)² + γ^k ε_π / (1 − γ) + k ε_m′ / (1 − γ)). Where ε_m′ is below ε_π,
    /// the least penalty is that of some k above 0.
    /// </summary>
    /// <param name="currentModelError">
    /// ε_m′: the model's error as for <see cref="ModelRollouts"/>, but on states and actions of the policy itself (the paper's appendix; its main text names
    /// the other policy by mistake).
    /// </param>
    /// <param name="policyShift">ε_π, the shift of the policy, as for <see cref="ModelRollouts"/>.</param>
    /// <param name="discount">γ, the discount factor, at least 0 and below 1.</param>
    /// <param name="maxReward">r_max: no reward is larger in absolute value.</param>
    /// <param name="rolloutLength">k, the number of imagined steps of a rollout, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside what is said of it.</exception>
    public static double BranchedRolloutsOfCurrentPolicy(double currentModelError, double policyShift, double discount, double maxReward, int rolloutLength)
    {
        Check.Within(0, 1, currentModelError);
        Check.Within(0, 1, policyShift);
        return BeforeBranch(policyShift, discount, maxReward, rolloutLength) + (2 * maxReward * rolloutLength * currentModelError * Horizon(discount));
    }

    /// <summary>Lemma B.3, returns of two policies in two environments: |η₁ − η₂| ≤ 2 r_max (γ (ε_m + ε_π) / (1 − γ)² + ε_π / (1 −
    /// γ)).</summary>
    /// <param name="modelError">The largest over time of the mean D_TV between the two transitions, on states and actions of the first policy in the first
    /// environment.</param>
    /// <param name="policyShift">The largest D_TV between the two policies over all states.</param>
    /// <param name="discount">γ, the discount factor, at least 0 and below 1.</param>
    /// <param name="maxReward">r_max: no reward is larger in absolute value.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside what is said of it.</exception>
    public static double ReturnDifference(double modelError, double policyShift, double discount, double maxReward)
    {
        Check.Within(0, 1, modelError);
        Check.Within(0, 1, policyShift);
        Check.NotNegative(maxReward);
        var horizon = Horizon(discount);
        return 2 * maxReward * ((discount * (modelError + policyShift) * horizon * horizon) + (policyShift * horizon));
    }

    /// <summary>
    /// Lemma B.4, returns of two rollouts that are branched k steps before their end, with one pair of policies and environments before the branch and another
    /// after it: |η₁ − η₂| ≤ 2 r_max (γ^(k+1) (ε_m,pre + ε_π,pre) / (1 − γ)² + k (ε_m,post + ε_π,post) / (1 − γ) + γ^k ε_π,pre / (1
    /// − γ) + ε_π,post / (1 − γ)).
    /// </summary>
    /// <param name="modelErrorBefore">ε_m,pre: between the two transitions before the branch.</param>
    /// <param name="policyShiftBefore">ε_π,pre: between the two policies before the branch.</param>
    /// <param name="modelErrorAfter">ε_m,post: between the two transitions after it.</param>
    /// <param name="policyShiftAfter">ε_π,post: between the two policies after it.</param>
    /// <param name="discount">γ, the discount factor, at least 0 and below 1.</param>
    /// <param name="maxReward">r_max: no reward is larger in absolute value.</param>
    /// <param name="rolloutLength">k, the number of imagined steps of a rollout, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside what is said of it.</exception>
    public static double BranchedReturnDifference(
        double modelErrorBefore, double policyShiftBefore, double modelErrorAfter, double policyShiftAfter, double discount, double maxReward,
        int rolloutLength)
    {
        Check.Within(0, 1, modelErrorBefore);
        Check.Within(0, 1, policyShiftBefore);
        Check.Within(0, 1, modelErrorAfter);
        Check.Within(0, 1, policyShiftAfter);
        Check.NotNegative(maxReward);
        Check.AtLeast(0, rolloutLength);
        var horizon = Horizon(discount);
        var reachedBranch = Math.Pow(discount, rolloutLength);
        var before = (reachedBranch * discount * (modelErrorBefore + policyShiftBefore) * horizon * horizon) + (reachedBranch * policyShiftBefore * horizon);
        var after = (rolloutLength * (modelErrorAfter + policyShiftAfter) * horizon) + (policyShiftAfter * horizon);
        return 2 * maxReward * (before + after);
    }

    // What both theorems of branched rollouts say of the steps before the branch: the states are those of the policy that collected the data.
    private static double BeforeBranch(double policyShift, double discount, double maxReward, int rolloutLength) =>
        BranchedReturnDifference(0, policyShift, 0, 0, discount, maxReward, rolloutLength);

    private static double Horizon(double discount) =>
        discount is >= 0 and < 1 ? 1 / (1 - discount) : throw new ArgumentOutOfRangeException(
            nameof(discount), Check.Told(discount), "discount must be at least 0 and below 1: without discount no bound holds.");
}
