using MbpoML.Numerics;
using MbpoML.Saving;

namespace MbpoML.Training;

/// <summary>Values of a checkpoint that were checked: it may come from a stranger.</summary>
internal static class SavedValues
{
    /// <summary>So many values.</summary>
    /// <exception cref="CheckpointException">There are others.</exception>
    public static T[] Read<T>(IStateReader from, string name, Func<string, T[]> values, int count)
    {
        var read = values(name);
        return read.Length == count ? read : throw from.Damaged(Invariant($"'{name}' has {read.Length} values, but {count} were expected"));
    }

    /// <summary>So many counters.</summary>
    /// <exception cref="CheckpointException">One is negative or too large.</exception>
    public static long[] ReadCounters(IStateReader from, string name, int count)
    {
        var read = Read(from, name, from.Integers, count);
        return read.Any(counter => counter is < 0 or > int.MaxValue) ? throw from.Damaged("a counter of the episodes is negative or too large") : read;
    }

    /// <summary>So many finite numbers.</summary>
    /// <exception cref="CheckpointException">One is none.</exception>
    public static double[] ReadFinite(IStateReader from, string name, int count)
    {
        var read = Read(from, name, from.Doubles, count);
        return read.All(double.IsFinite) ? read : throw from.Damaged($"'{name}' is [{Listed.Of(read)}], but every value must be finite");
    }

    /// <summary>So many numbers of a transition.</summary>
    /// <exception cref="CheckpointException">One is no finite float.</exception>
    public static double[] ReadFloats(IStateReader from, string name, int count)
    {
        var read = Read(from, name, from.Doubles, count);
        return read.All(value => float.IsFinite((float)value))
            ? read : throw from.Damaged($"'{name}' is [{Listed.Of(read)}], but every value must be a finite float");
    }
}
