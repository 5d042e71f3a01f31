namespace MbpoML.Training.Outcome;

/// <summary>
/// Guesses when a run will be done, from the speed of its last one or two epochs: later epochs are slower than the first, and random exploration is much
/// faster.
/// </summary>
internal sealed class RemainingTime
{
    private (int Step, TimeSpan Elapsed)? _from;
    private (int Step, TimeSpan Elapsed)? _lastEpoch;

    /// <summary>Time left after this sign of life; null while nothing can be said.</summary>
    public TimeSpan? Update(TrainingProgress progress)
    {
        if (progress.Phase == TrainingPhase.Exploring) return null;
        var now = (progress.Step, progress.Elapsed);
        _from ??= now;
        _lastEpoch ??= now;
        var left = progress.Step > _from.Value.Step
            ? (progress.Elapsed - _from.Value.Elapsed) / (progress.Step - _from.Value.Step) * Math.Max(0, progress.Steps - progress.Step)
            : (TimeSpan?)null;
        if (progress.EpochMetrics is not null) (_from, _lastEpoch) = (_lastEpoch, now);
        return left;
    }
}
