using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>
/// The total variation distance between a standard normal distribution p and a mixture q of normal distributions, for many pairs of them: an integral over
/// draws of p.
/// </summary>
/// <remarks>
/// D_TV(p, q) = E over z from p of max(0, 1 − q(z) / p(z)). Each draw z is used with its opposite −z, which cancels what is odd in z. What is averaged lies
/// between 0 and 1, so that its deviation is at most a half, and at most 0.18 over the eight independent couples of draws that each pair gets. The stream of
/// the draws is this measurement's own and always the same: two models are compared by the same draws.
/// </remarks>
internal sealed class MixtureDistance : IDisposable
{
    /// <summary>Draws for each pair, their opposites included.</summary>
    public const int Draws = 16;

    private readonly Generator _generator = new((ulong)Seeds.Derive(0, "mixture-distance"), CPU);

    /// <summary>The distances, with the unit of every dimension such that p is N(0, 1) there.</summary>
    /// <param name="means">[members, rows, dimensions]: those of the mixture's members, seen from p's.</param>
    /// <param name="deviations">[members, rows, dimensions]: their standard deviations before p's own noise is added to them, so that the members' variances
    /// are the squares plus 1.</param>
    /// <returns>[rows], an estimate without bias; no number where a mean or deviation is none.</returns>
    public Tensor Of(Tensor means, Tensor deviations)
    {
        using var scope = NewDisposeScope();
        var variances = deviations.Squared().Plus(1);
        var logVariance = variances.log().sum([2L]);
        var logMembers = Math.Log(means.size(0));
        var sum = zeros([means.size(1)], ScalarType.Float64, means.device);
        for (var draw = 0; draw < Draws; draw += 2)
        {
            using var passing = NewDisposeScope();
            var z = randn([means.size(1), means.size(2)], ScalarType.Float64, generator: _generator).to(means.device);
            foreach (var point in (Tensor[])[z, z.Times(-1)])
            {
                // log q(z) - log p(z), in which the constants of both cancel.
                var ratio = (point - means).Squared().div(variances).sum([2L]).Plus(logVariance).Times(-0.5).logsumexp(0)
                    .Plus(point.Squared().sum([1L]).Times(0.5)).Plus(-logMembers);
                sum.AddInPlace(ratio.exp().Times(-1).Plus(1).relu());
            }
        }

        return sum.Over(Draws).MoveToOuterDisposeScope();
    }

    public void Dispose() => _generator.Dispose();
}
