using MbpoML.Numerics.Random;

namespace ProcessControl;

/// <summary>Tunes gains on episodes of their own: a random search over the ranges, then a search around the best in steps that shrink.</summary>
internal static class GainSearch
{
    private const int Draws = 2000;
    private const int Refinements = 2000;

    /// <param name="score">The mean return of gains.</param>
    /// <param name="low">The lowest value of each gain.</param>
    /// <param name="high">The highest.</param>
    /// <param name="seed">The seed of the draws.</param>
    public static double[] Best(Func<double[], double> score, double[] low, double[] high, int seed)
    {
        var random = new RandomSource(seed);
        double[] best = [];
        var bestScore = double.NegativeInfinity;
        for (var draw = 0; draw < Draws; draw++) Try([.. low.Zip(high, random.NextUniform)]);
        for (var refinement = 0; refinement < Refinements; refinement++)
        {
            // From a tenth of each range down to a thousandth.
            var width = 0.1 * Math.Pow(0.01, refinement / (double)Refinements);
            Try([.. best.Select((gain, index) => Math.Clamp(gain + (width * (high[index] - low[index]) * random.NextNormal()), low[index], high[index]))]);
        }

        return best;

        void Try(double[] gains)
        {
            var value = score(gains);
            if (value > bestScore) (best, bestScore) = (gains, value);
        }
    }
}
