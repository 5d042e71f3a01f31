using MbpoML.Numerics;

namespace MbpoML.Datasets.Arrays;

/// <summary>What a file says of an array.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its dimensions, the rows first.</param>
/// <param name="IsWhole">Whether it holds whole numbers, as discrete actions are.</param>
internal sealed record ArrayInfo(string Name, IReadOnlyList<long> Shape, bool IsWhole)
{
    public long Rows => Shape.Count == 0 ? 0 : Shape[0];

    /// <summary>The numbers a row; -1 where a row is no vector.</summary>
    public int Width => Shape.Count switch
    {
        1 => 1,
        2 when Shape[1] is > 0 and <= int.MaxValue => (int)Shape[1],
        _ => -1,
    };

    /// <summary>The shape as a message shows it.</summary>
    public string Told => $"[{Listed.Of(Shape)}]";

    public UInt128 Count
    {
        get
        {
            UInt128 count = 1;
            foreach (var size in Shape) count *= (ulong)size;
            return count;
        }
    }
}
