namespace MbpoML.Algorithms.Offline.Choosing;

/// <summary>
/// Chooses which candidate to try next by the upper confidence bound (P. Auer, N. Cesa-Bianchi and P. Fischer, 2002, UCB1), with returns in units of the range
/// that was seen.
/// </summary>
/// <param name="candidates">Their number.</param>
/// <param name="exploration">α: the bound of a candidate is its mean and √(α ln t / n) of the range.</param>
internal sealed class Bandit(int candidates, double exploration)
{
    private readonly double[] _sums = new double[candidates];
    private readonly int[] _counts = new int[candidates];
    private double _lowest = double.PositiveInfinity, _highest = double.NegativeInfinity;
    private int _total;

    /// <summary>The episodes of each candidate.</summary>
    public IReadOnlyList<int> Counts => _counts;

    /// <summary>The mean of each candidate; minus infinity of one that was never tried.</summary>
    public double[] Means => [.. _sums.Zip(_counts, (sum, count) => count > 0 ? sum / count : double.NegativeInfinity)];

    /// <summary>The candidate with the highest mean.</summary>
    public int Best => Array.IndexOf(Means, Means.Max());

    /// <summary>The candidate to try next: each once, then the one with the highest bound, the first of equals.</summary>
    public int Next()
    {
        var untried = Array.IndexOf(_counts, 0);
        if (untried >= 0) return untried;
        var (range, means) = (_highest - _lowest, Means);
        double[] bounds = [.. means.Select((mean, index) => mean + (range * Math.Sqrt(exploration * Math.Log(_total) / _counts[index])))];
        return Array.IndexOf(bounds, bounds.Max());
    }

    /// <summary>A candidate was tried.</summary>
    public void Add(int candidate, double earned)
    {
        _sums[candidate] += earned;
        _counts[candidate]++;
        _total++;
        (_lowest, _highest) = (Math.Min(_lowest, earned), Math.Max(_highest, earned));
    }
}
