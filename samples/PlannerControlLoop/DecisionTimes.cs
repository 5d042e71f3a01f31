using static System.FormattableString;

namespace PlannerControlLoop;

/// <summary>How long the decisions of a loop took, and how many came too late. Adding one allocates nothing.</summary>
/// <param name="deadline">The time that a decision may take.</param>
/// <param name="most">The most decisions that are kept.</param>
internal sealed class DecisionTimes(TimeSpan deadline, int most)
{
    private readonly TimeSpan[] _times = new TimeSpan[most];

    public int Count { get; private set; }

    /// <summary>Decisions that took longer than the deadline.</summary>
    public int Late { get; private set; }

    public void Add(TimeSpan spent)
    {
        _times[Count++] = spent;
        if (spent > deadline) Late++;
    }

    /// <summary>The time that a share of the decisions did not exceed; 1 for the longest of all.</summary>
    /// <exception cref="InvalidOperationException">There was no decision.</exception>
    public TimeSpan Within(double share)
    {
        if (Count == 0) throw new InvalidOperationException("There was no decision yet.");
        var sorted = _times[..Count];
        Array.Sort(sorted);
        return sorted[Math.Max(0, (int)Math.Ceiling(share * Count) - 1)];
    }

    public override string ToString() =>
        Invariant($"{Count} decisions: half within {Within(0.5).TotalMilliseconds:F1} ms, 99 % within {Within(0.99).TotalMilliseconds:F1} ms, ") +
            Invariant($"the longest {Within(1).TotalMilliseconds:F1} ms, {Late} later than {deadline.TotalMilliseconds:F0} ms");
}
