namespace MbpoML.Datasets.Arrays;

/// <summary>Finds arrays of the shapes that transitions have.</summary>
internal static class ArraysExtensions
{
    private const int MostNames = 12;

    /// <summary>An array that must be there.</summary>
    /// <exception cref="DatasetException">It is not; the message says which there are.</exception>
    public static ArrayInfo Require(this IArrays arrays, string name, string kind) => arrays.Find(name) ?? throw new DatasetException(
        $"{arrays.Path} is not {kind}: it has no dataset '{name}'. It has {Told(arrays.Names)}.");

    /// <summary>An array that may be there.</summary>
    public static ArrayInfo? Find(this IArrays arrays, string name) => arrays.Names.Contains(name) ? arrays.Describe(name) : null;

    /// <summary>Refuses an array that does not hold a vector a row.</summary>
    /// <param name="arrays">The file.</param>
    /// <param name="array">The array.</param>
    /// <param name="rows">The rows that it must have; null: any, but at least one.</param>
    /// <param name="width">The numbers a row; null: any.</param>
    /// <exception cref="DatasetException">It has another shape.</exception>
    public static void RequireShape(this IArrays arrays, ArrayInfo array, long? rows, int? width)
    {
        if (array.Width >= 0 && (width is null || array.Width == width) && (rows is null ? array.Rows > 0 : array.Rows == rows)) return;
        var expected = Invariant($"[{(object?)rows ?? "rows"}, {(object?)width ?? "numbers"}]");
        throw new DatasetException($"{arrays.Path}: dataset '{array.Name}' has the shape {array.Told}, but {expected} is expected.");
    }

    private static string Told(IReadOnlyList<string> names) => names.Count == 0 ? "none"
        : string.Join(", ", names.Take(MostNames).Select(name => $"'{name}'")) +
            (names.Count > MostNames ? Invariant($" and {names.Count - MostNames} more") : "");

    /// <summary>Reads flags: whatever is not 0 is set.</summary>
    public static bool[] ReadFlags(this IArrays arrays, ArrayInfo array) => Array.ConvertAll(arrays.Read(array), value => value != 0);

    /// <summary>Refuses whole numbers as actions: a policy here chooses real ones.</summary>
    /// <exception cref="DatasetException">They are.</exception>
    public static void RequireContinuous(this IArrays arrays, ArrayInfo actions)
    {
        if (actions.IsWhole)
            throw new DatasetException($"{arrays.Path}: dataset '{actions.Name}' holds whole numbers: discrete actions. MbpoML learns continuous ones.");
    }
}
