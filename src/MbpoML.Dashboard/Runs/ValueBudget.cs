namespace MbpoML.Dashboard.Runs;

/// <summary>How many numbers all runs together may keep.</summary>
/// <param name="most">The number.</param>
internal sealed class ValueBudget(long most)
{
    private long _taken;

    /// <summary>Takes some; false where so many are not left.</summary>
    public bool TryTake(int count)
    {
        if (Interlocked.Add(ref _taken, count) <= most) return true;
        Interlocked.Add(ref _taken, -count);
        return false;
    }

    /// <summary>Gives some back.</summary>
    public void Return(long count) => Interlocked.Add(ref _taken, -count);
}
