using MbpoML.Numerics;

namespace MbpoML.Theory;

/// <summary>
/// What is known of total variation distances D_TV, which the bounds are written in: half the sum of the absolute differences of two distributions, from 0 to
/// 1.
/// </summary>
public static class TotalVariation
{
    /// <summary>Pinsker's inequality: D_TV ≤ √(D_KL / 2), and never more than 1. The paper measures policy shift by D_KL.</summary>
    /// <param name="divergence">D_KL in nats, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The divergence is negative or no number.</exception>
    public static double FromDivergence(double divergence) =>
        divergence >= 0 ? Math.Min(1, Math.Sqrt(divergence / 2))
            : throw new ArgumentOutOfRangeException(nameof(divergence), Check.Told(divergence), "divergence must be a number of at least 0.");

    /// <summary>
    /// Lemma B.1, of two joint distributions: D_TV(p₁(x, y), p₂(x, y)) ≤ D_TV(p₁(x), p₂(x)) + the largest, or in its tighter form the mean under
    /// p₁(x), of D_TV(p₁(y | x), p₂(y | x)).
    /// </summary>
    /// <param name="marginal">D_TV(p₁(x), p₂(x)), the distance of the marginal distributions of x, from 0 to 1.</param>
    /// <param name="conditional">The largest, or mean, D_TV(p₁(y | x), p₂(y | x)), from 0 to 1.</param>
    /// <returns>At most 1, which no distance exceeds.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is not between 0 and 1.</exception>
    public static double OfJoint(double marginal, double conditional) => Math.Min(1, Check.Within(0, 1, marginal) + Check.Within(0, 1, conditional));

    /// <summary>Lemma B.2, of the states after t steps of two Markov chains that begin alike: D_TV(p₁,t(s), p₂,t(s)) ≤ t δ.</summary>
    /// <param name="transition">δ: the largest over time of the mean D_TV between the chains' transitions, on states of the first.</param>
    /// <param name="steps">t, the number of steps, at least 0.</param>
    /// <returns>At most 1, which no distance exceeds.</returns>
    /// <exception cref="ArgumentOutOfRangeException">δ is not between 0 and 1, or t is negative.</exception>
    public static double OfStates(double transition, int steps) => Math.Min(1, Check.Within(0, 1, transition) * Check.AtLeast(0, steps));
}
