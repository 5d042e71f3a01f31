namespace MbpoML.Dynamics.Compiled;

/// <summary>A column whose every value is a value of another column: what ML.NET's CopyColumns and Concatenate make.</summary>
/// <param name="slots">For each value of a row, where it comes from.</param>
internal sealed class CopiedColumn(IReadOnlyList<(BlockColumn Source, int Slot)> slots) : BlockColumn(slots.Count)
{
    public override IEnumerable<BlockColumn> Sources { get; } = [.. slots.Select(slot => slot.Source).Distinct()];

    protected override void Fill(int start, int rows)
    {
        for (var slot = 0; slot < Width; slot++)
        {
            var (source, from) = slots[slot];
            for (var row = 0; row < rows; row++) Values[(row * Width) + slot] = source.Values[(row * source.Width) + from];
        }
    }
}
