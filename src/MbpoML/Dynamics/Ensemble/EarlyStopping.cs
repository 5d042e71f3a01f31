namespace MbpoML.Dynamics.Ensemble;

/// <summary>Follows the holdout loss of each member over the epochs of one fit: which epoch was each one's best, and when to stop.</summary>
/// <remarks>
/// models/bnn.py, _save_best: a member improves when its loss falls by more than the threshold relative to its best; the fit stops when for more than
/// <c>patience</c> epochs in a row no member improved. The first finite loss always counts.
/// </remarks>
internal sealed class EarlyStopping(int memberCount, double improvementThreshold, int patience)
{
    private readonly double[] _bestLosses = [.. Enumerable.Repeat(double.PositiveInfinity, memberCount)];
    private readonly int[] _bestEpochs = [.. Enumerable.Repeat(-1, memberCount)];
    private int _epochsWithoutImprovement;

    /// <summary>Each member's loss in its best epoch; infinite before the first.</summary>
    public IReadOnlyList<double> BestLosses => _bestLosses;

    /// <summary>Each member's best epoch, counted from 0; -1 before the first.</summary>
    public IReadOnlyList<int> BestEpochs => _bestEpochs;

    public bool ShouldStop => _epochsWithoutImprovement > patience;

    /// <summary>Takes the losses after an epoch.</summary>
    /// <returns>The members that improved, whose weights are to be kept.</returns>
    public IReadOnlyList<int> Observe(int epoch, IReadOnlyList<double> losses)
    {
        var improved = Enumerable.Range(0, memberCount).Where(member => Improves(_bestLosses[member], losses[member])).ToArray();
        foreach (var member in improved) (_bestEpochs[member], _bestLosses[member]) = (epoch, losses[member]);
        _epochsWithoutImprovement = improved.Length > 0 ? 0 : _epochsWithoutImprovement + 1;
        return improved;
    }

    private bool Improves(double best, double current) =>
        double.IsPositiveInfinity(best) ? double.IsFinite(current) : (best - current) / best > improvementThreshold;
}
