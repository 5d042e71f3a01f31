using MbpoML.Numerics.Random;

namespace MbpoML.Experiments.Studies;

/// <summary>
/// Tree-structured Parzen estimators (J. Bergstra et al., "Algorithms for Hyper-Parameter Optimization", NeurIPS 2011): draws candidates where good trials lie
/// dense, and takes the one whose density among good trials is largest beside that among the others. Each parameter is looked at by itself.
/// </summary>
public sealed class TreeParzenSampler : IStudySampler
{
    // Common defaults. With a quarter as good ones, random search is at least as good on the functions of the tests.
    private const int RandomTrials = 10, Candidates = 24, MostGood = 25;
    private const double GoodShare = 0.1;

    /// <inheritdoc/>
    public IReadOnlyList<double> Propose(IReadOnlyList<StudyParameter> space, int trial, int seed, IReadOnlyList<StudyObservation> observations)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(observations);
        if (observations.Count < RandomTrials) return new RandomSampler().Propose(space, trial, seed, observations);
        var source = RandomSampler.SourceOf(trial, seed);
        StudyObservation[] ranked = [.. observations.Order(StudyObservation.BetterFirst)];
        var good = Math.Min((int)Math.Ceiling(GoodShare * ranked.Length), MostGood);
        return [.. space.Select((parameter, index) => Best(
            parameter, [.. ranked[..good].Select(one => one.Place[index])], [.. ranked[good..].Select(one => one.Place[index])], source))];
    }

    private static double Best(StudyParameter parameter, double[] good, double[] others, RandomSource source)
    {
        IParzenDensity near = Density(parameter, good), far = Density(parameter, others);
        double[] candidates = [.. Enumerable.Range(0, Candidates).Select(_ => near.Draw(source))];
        return candidates.MaxBy(candidate => Math.Log(near.At(candidate)) - Math.Log(far.At(candidate)));
    }

    private static IParzenDensity Density(StudyParameter parameter, double[] places) =>
        parameter.Choices.Count > 0 ? new ChoiceDensity(places, parameter.Choices.Count) : new RangeDensity(places);

    private interface IParzenDensity
    {
        double At(double place);

        double Draw(RandomSource source);
    }

    /// <summary>
    /// A normal distribution around each place, as wide as the gap to its neighbours, and one around the middle that is as wide as the whole range.
    /// </summary>
    private sealed class RangeDensity : IParzenDensity
    {
        private readonly double[] _centers, _widths;

        public RangeDensity(double[] places)
        {
            _centers = [.. places.Append(0.5).Order()];
            var least = 1.0 / Math.Min(100, places.Length + 2);
            _widths = new double[_centers.Length];
            for (var index = 0; index < _centers.Length; index++)
            {
                var before = index == 0 ? 0 : _centers[index - 1];
                var after = index == _centers.Length - 1 ? 1 : _centers[index + 1];
                _widths[index] = Math.Clamp(Math.Max(_centers[index] - before, after - _centers[index]), least, 1);
            }

            _widths[Array.IndexOf(_centers, 0.5)] = 1;
        }

        public double At(double place)
        {
            var sum = 0.0;
            for (var index = 0; index < _centers.Length; index++)
            {
                var (center, width) = (_centers[index], _widths[index]);
                var distance = (place - center) / width;
                sum += Math.Exp(-0.5 * distance * distance) / (width * Math.Sqrt(2 * Math.PI) * Inside(center, width));
            }

            return sum / _centers.Length;
        }

        // The mixture is cut at 0 and 1: what falls outside is drawn again.
        public double Draw(RandomSource source)
        {
            var index = source.NextInt32(_centers.Length);
            while (true)
            {
                var place = _centers[index] + (_widths[index] * source.NextNormal());
                if (place is >= 0 and <= 1) return place;
            }
        }

        // At least a third for a center within and a width of at most 1.
        private static double Inside(double center, double width) => Cumulative((1 - center) / width) - Cumulative(-center / width);

        // Abramowitz and Stegun 7.1.26, to 1.5e-7.
        private static double Cumulative(double value)
        {
            var x = Math.Abs(value) / Math.Sqrt(2);
            var t = 1 / (1 + (0.3275911 * x));
            var tail = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429)))))))) * Math.Exp(-x * x);
            return value < 0 ? 0.5 * tail : 1 - (0.5 * tail);
        }
    }

    /// <summary>How often each value was chosen, and once more for each.</summary>
    private sealed class ChoiceDensity : IParzenDensity
    {
        private readonly double[] _shares;

        public ChoiceDensity(double[] places, int choices)
        {
            _shares = [.. Enumerable.Repeat(1.0, choices)];
            foreach (var place in places) _shares[Index(place)]++;
            var total = _shares.Sum();
            for (var index = 0; index < choices; index++) _shares[index] /= total;
        }

        public double At(double place) => _shares[Index(place)];

        public double Draw(RandomSource source)
        {
            var left = source.NextDouble();
            var index = 0;
            while (index < _shares.Length - 1 && left >= _shares[index]) left -= _shares[index++];
            return (index + 0.5) / _shares.Length;
        }

        private int Index(double place) => Math.Min((int)(place * _shares.Length), _shares.Length - 1);
    }
}
