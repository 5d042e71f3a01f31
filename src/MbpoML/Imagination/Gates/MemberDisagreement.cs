using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Imagination.Gates;

/// <summary>How much the members of an ensemble disagree about a step.</summary>
internal static class MemberDisagreement
{
    /// <summary>The ensemble that a rule asks.</summary>
    /// <param name="model">The model of the rollouts.</param>
    /// <param name="asker">What asks, for the message.</param>
    /// <exception cref="InvalidOperationException">It is no ensemble of two members or more.</exception>
    public static IEnsembleDynamicsModel Ensemble(IDynamicsModel model, string asker)
    {
        if (model is not IEnsembleDynamicsModel ensemble)
            throw new InvalidOperationException(
                $"{asker} asks what the members of an ensemble say, but {model.GetType().Name} is no {nameof(IEnsembleDynamicsModel)}: take a model that is " +
                    "one, such as rl.Dynamics.ProbabilisticEnsemble, or another rule.");
        if (ensemble.EliteCount < 2)
            throw new InvalidOperationException(
                Invariant($"{asker} needs at least 2 members that predict, but the ensemble has {ensemble.EliteCount}: set EliteCount to 2 or more."));
        return ensemble;
    }

    /// <summary>
    /// The Bhattacharyya distance of the members' normal distributions, summed over outputs and averaged over all pairs of members. It is what the geometric
    /// Jensen-Shannon divergence of MACURA comes to, and the units of the outputs do not matter.
    /// </summary>
    /// <remarks>
    /// u_ij = sum_d (μ_i - μ_j)² / (4 (σ_i² + σ_j²)) + ln((σ_i² + σ_j²) / (2 σ_i σ_j)) / 2. With r = σ_i / σ_j the logarithm is
    /// log1p((r - 1)² / (2 r)): nothing cancels where members agree, and no square of a deviation leaves the range of numbers.
    /// </remarks>
    /// <param name="mean">[members, batch, outputs]</param>
    /// <param name="deviation">[members, batch, outputs]</param>
    /// <returns>[batch]; NaN or infinite where a member gives no finite number.</returns>
    public static Tensor Bhattacharyya(Tensor mean, Tensor deviation)
    {
        using var scope = NewDisposeScope();
        var members = mean.size(0);
        var sum = zeros(mean.size(1), ScalarType.Float32, mean.device);
        for (long one = 1; one < members; one++)
        {
            // One member with all those before it at once.
            using var pairs = NewDisposeScope();
            var (spread, own) = (deviation.narrow(0, 0, one), deviation.narrow(0, one, 1));
            var excess = (own - spread) / spread;
            var ratio = excess.Plus(1);
            var means = ((mean.narrow(0, one, 1) - mean.narrow(0, 0, one)) / spread).Squared() / ratio.Squared().Plus(1).Times(4);
            var spreads = (excess.Squared() / ratio.Times(2)).log1p().Times(0.5);
            sum.AddInPlace(means.Plus(spreads).sum([0L, 2L]));
        }

        return sum.Over(members * (members - 1) / 2.0).MoveToOuterDisposeScope();
    }
}
