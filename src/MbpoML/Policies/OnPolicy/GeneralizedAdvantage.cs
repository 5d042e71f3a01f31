namespace MbpoML.Policies.OnPolicy;

/// <summary>
/// Generalised advantage estimation (J. Schulman, P. Moritz, S. Levine, M. Jordan and P. Abbeel, ICLR 2016, equation 16): A_t = Σ_l (γλ)^l δ_{t+l}, with
/// δ_t = r_t + γ V(s_{t+1}) - V(s_t).
/// </summary>
internal static class GeneralizedAdvantage
{
    /// <summary>Advantages, and discounted sums of the rewards that follow.</summary>
    /// <param name="rows">Rewards and what follows what.</param>
    /// <param name="values">V of each row's observation.</param>
    /// <param name="cutValues">V of the next observation of rows behind which an episode was cut; zeros where nothing is to follow.</param>
    /// <param name="discount">γ</param>
    /// <param name="lambda">λ</param>
    public static (double[] Advantages, double[] Returns) Of(EpisodeRows rows, double[] values, double[] cutValues, double discount, double lambda)
    {
        var (advantages, returns) = (new double[values.Length], new double[values.Length]);
        // Each row stands before the one that follows it.
        for (var row = values.Length - 1; row >= 0; row--)
        {
            var next = rows.Next[row];
            var rest = next < 0 && !rows.Terminated[row] ? cutValues[row] : 0;
            var following = next < 0 ? rest : values[next];
            var error = rows.Rewards[row] + (discount * following) - values[row];
            advantages[row] = error + (next < 0 ? 0 : discount * lambda * advantages[next]);
            returns[row] = rows.Rewards[row] + (discount * (next < 0 ? rest : returns[next]));
        }

        return (advantages, returns);
    }

    /// <summary>Brings advantages to zero mean and unit variance; equal ones become zeros.</summary>
    public static void Standardize(double[] advantages)
    {
        var mean = advantages.Average();
        var deviation = Math.Sqrt(advantages.Average(value => (value - mean) * (value - mean)));
        for (var row = 0; row < advantages.Length; row++) advantages[row] = (advantages[row] - mean) / (deviation + 1e-8);
    }
}
