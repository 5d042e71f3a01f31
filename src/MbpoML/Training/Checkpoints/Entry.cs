namespace MbpoML.Training.Checkpoints;

/// <summary>Where an entry's values stand in a checkpoint file, and their shape.</summary>
internal sealed record Entry(string Name, EntryType Type, long[] Shape, long Offset)
{
    /// <summary>The number of values.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The number of bytes.</summary>
    public long Length => Count * CheckpointFormat.SizeOf(Type);
}
