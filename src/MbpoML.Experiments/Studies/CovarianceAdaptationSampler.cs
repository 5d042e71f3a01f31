using static TorchSharp.torch;

namespace MbpoML.Experiments.Studies;

/// <summary>
/// CMA-ES (N. Hansen, "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772): each generation of trials is drawn from a normal distribution that moves to
/// the better half of the generation before, and learns from it which parameters have to change together.
/// </summary>
/// <remarks>
/// Nothing is kept from call to call: the distribution is computed anew from the earlier generations. A choice is a range that is cut into parts.
/// </remarks>
public sealed class CovarianceAdaptationSampler : IStudySampler
{
    // Of the range; the search begins in its middle.
    private const double InitialStep = 0.3;

    // Draws outside of the bounds are drawn again, so many times.
    private const int Tries = 20;

    /// <summary>λ = 4 + ⌊3 ln n⌋.</summary>
    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">There is no parameter.</exception>
    public int? Generation(int parameters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parameters, 1);
        return 4 + (int)(3 * Math.Log(parameters));
    }

    /// <inheritdoc/>
    public IReadOnlyList<double> Propose(IReadOnlyList<StudyParameter> space, int trial, int seed, IReadOnlyList<StudyObservation> observations)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(observations);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var population = Generation(space.Count)!.Value;
        var search = new Search(space.Count, population);
        for (var first = 0; first + population <= observations.Count; first += population)
            search.Learn([.. observations.Skip(first).Take(population)]);

        var source = RandomSampler.SourceOf(trial, seed);
        for (var attempt = 1; ; attempt++)
        {
            var place = search.Draw([.. space.Select(_ => source.NextNormal())]);
            if (place.All(value => value is >= 0 and <= 1)) return place;
            if (attempt == Tries) return [.. place.Select(value => Math.Clamp(value, 0, 1))];
        }
    }

    /// <summary>The distribution and its paths, in the words of the tutorial's table 1 and figure 6.</summary>
    private sealed class Search
    {
        private readonly int _n;
        private readonly double[] _weights;
        private readonly double _mueff, _csigma, _dsigma, _cc, _c1, _cmu, _chi;
        private Tensor _mean, _covariance, _pathSigma, _pathC, _root, _inverseRoot;
        private double _sigma = InitialStep;
        private int _generation;

        public Search(int n, int population)
        {
            _n = n;
            var mu = population / 2;
            double[] raw = [.. Enumerable.Range(1, mu).Select(rank => Math.Log((population + 1) / 2.0) - Math.Log(rank))];
            _weights = [.. raw.Select(weight => weight / raw.Sum())];
            _mueff = 1 / _weights.Sum(weight => weight * weight);
            _csigma = (_mueff + 2) / (n + _mueff + 5);
            _dsigma = 1 + (2 * Math.Max(0, Math.Sqrt((_mueff - 1) / (n + 1)) - 1)) + _csigma;
            _cc = (4 + (_mueff / n)) / (n + 4 + (2 * _mueff / n));
            _c1 = 2 / (Math.Pow(n + 1.3, 2) + _mueff);
            _cmu = Math.Min(1 - _c1, 2 * (_mueff - 2 + (1 / _mueff)) / (Math.Pow(n + 2, 2) + _mueff));
            _chi = Math.Sqrt(n) * (1 - (1.0 / (4 * n)) + (1.0 / (21 * n * n)));
            _mean = full([n], 0.5, ScalarType.Float64);
            (_covariance, _pathSigma, _pathC) = (eye(n, dtype: ScalarType.Float64), zeros(n, ScalarType.Float64), zeros(n, ScalarType.Float64));
            (_root, _inverseRoot) = (eye(n, dtype: ScalarType.Float64), eye(n, dtype: ScalarType.Float64));
        }

        // x = m + σ C^½ z
        public double[] Draw(double[] z) => Doubles(_mean + (_sigma * _root.mv(tensor(z))));

        public void Learn(StudyObservation[] generation)
        {
            _generation++;
            Tensor[] best = [.. generation.Order(StudyObservation.BetterFirst).Take(_weights.Length)
                .Select(one => (tensor(one.Place.ToArray()) - _mean) / _sigma)];
            var step = best.Zip(_weights, (y, weight) => weight * y).Aggregate((sum, y) => sum + y);
            _mean += _sigma * step;
            // Table 1: the paths, then the covariance, then the step size.
            _pathSigma = ((1 - _csigma) * _pathSigma) + (Math.Sqrt(_csigma * (2 - _csigma) * _mueff) * _inverseRoot.mv(step));
            var length = _pathSigma.norm().item<double>();
            var expected = Math.Sqrt(1 - Math.Pow(1 - _csigma, 2 * _generation));
            var moves = length / expected < (1.4 + (2.0 / (_n + 1))) * _chi;
            _pathC = ((1 - _cc) * _pathC) + (moves ? Math.Sqrt(_cc * (2 - _cc) * _mueff) * step : zeros_like(step));
            var lost = moves ? 0 : _c1 * _cc * (2 - _cc);
            _covariance = ((1 - _c1 - _cmu + lost) * _covariance) + (_c1 * outer(_pathC, _pathC));
            for (var rank = 0; rank < best.Length; rank++) _covariance += _cmu * _weights[rank] * outer(best[rank], best[rank]);
            _sigma *= Math.Exp(_csigma / _dsigma * ((length / _chi) - 1));
            Decompose();
        }

        private void Decompose()
        {
            var (values, vectors) = linalg.eigh((_covariance + _covariance.t()) / 2);
            var deviations = values.clamp_min(1e-20).sqrt();
            _root = (vectors * deviations).matmul(vectors.t());
            _inverseRoot = (vectors / deviations).matmul(vectors.t());
        }

        private static double[] Doubles(Tensor values) => values.data<double>().ToArray();
    }
}
