using System.Runtime.InteropServices;
using MbpoML.Saving;

namespace MbpoML.Data;

/// <content>Its state, from which later draws are the same.</content>
public sealed partial class EpisodePool
{
    /// <inheritdoc/>
    public string Name => "episodes";

    /// <inheritdoc/>
    public void Save(IStateWriter to)
    {
        ArgumentNullException.ThrowIfNull(to);
        using var turn = _use.Enter();
        var store = _store;
        to.Add("sizes", FrameShape.Channels, FrameShape.Height, FrameShape.Width, ActionLength);
        to.Add("lengths", [.. store.Episodes.Select(episode => (long)episode.Frames)]);
        to.Add("ends", [.. store.Episodes.Select(episode => (long)episode.End)]);
        to.Add("under-way", store.IsUnderWay ? 1 : 0);
        to.Add("steps", store.Frames, store.Width, (first, block) =>
        {
            var rows = MemoryMarshal.Cast<byte, float>(block.bytes);
            for (var row = 0; row < block.size(0); row++) store.Step((int)first + row).CopyTo(rows[(row * store.Width)..]);
        });
        for (var block = 0; block < store.Blocks; block++) to.Add(BlockName(block), store.Block(block));
    }

    /// <inheritdoc/>
    public void Restore(IStateReader from)
    {
        ArgumentNullException.ThrowIfNull(from);
        using var turn = _use.Enter();
        CheckSizes(from);
        var store = new EpisodeStore(FrameShape.Size, ActionLength);
        var lengths = from.Integers("lengths");
        var ends = ReadEnds(from, lengths.Length);
        var steps = ReadSteps(from, lengths, store.Width);
        byte[] block = [];
        for (var (episode, frame) = (0, 0); episode < lengths.Length; episode++)
        {
            for (var end = frame + lengths[episode]; frame < end; frame++)
            {
                var place = frame % store.BlockFrames;
                if (place == 0) block = ReadBlock(from, frame / store.BlockFrames, Math.Min(store.BlockFrames, (steps.Length / store.Width) - frame));
                var step = steps.AsSpan(frame * store.Width, store.Width);
                var bytes = block.AsSpan(place * FrameShape.Size, FrameShape.Size);
                if (store.IsUnderWay) store.Add(step[..^1], step[^1], bytes);
                else if (!step.ContainsAnyExcept(0)) store.Begin(bytes);
                else throw from.Damaged("the first frame of an episode has an action or a reward");
            }

            store.End((EpisodeEnd)ends[episode]);
        }

        store.IsUnderWay = from.WholeNumber("under-way") switch
        {
            0 => false,
            1 when ends is [.., (long)EpisodeEnd.None] => true,
            var other => throw from.Damaged(Invariant($"'under-way' is {other}, which does not fit the end of its last episode")),
        };
        _store = store;
    }

    private static string BlockName(int block) => Invariant($"frames-{block}");

    private void CheckSizes(IStateReader from)
    {
        var sizes = from.Integers("sizes");
        if (sizes is [var channels, var height, var width, var action] &&
            (channels, height, width, action) == (FrameShape.Channels, FrameShape.Height, FrameShape.Width, ActionLength)) return;
        throw from.Damaged(
            Invariant($"its episodes have the sizes [{string.Join(", ", sizes)}], but frames of {FrameShape} and actions of {ActionLength} are needed; ") +
            "go on with the environment that they were recorded in");
    }

    private static long[] ReadEnds(IStateReader from, int episodes)
    {
        var ends = from.Integers("ends");
        if (ends.Length != episodes) throw from.Damaged(Invariant($"{episodes} episodes have lengths, but {ends.Length} have an end"));
        foreach (var end in ends)
            if (end is < (long)EpisodeEnd.None or > (long)EpisodeEnd.Truncated) throw from.Damaged(Invariant($"an episode ended in the way {end}"));
        return ends;
    }

    // Takes memory as values come, whatever the lengths promise.
    private static float[] ReadSteps(IStateReader from, long[] lengths, int width)
    {
        var frames = 0L;
        foreach (var length in lengths)
        {
            if (length is < 1 or > int.MaxValue) throw from.Damaged(Invariant($"an episode has {length} frames"));
            frames += length;
        }

        if (frames > Array.MaxLength / width) throw from.Damaged(Invariant($"its episodes have {frames} frames"));
        var steps = new List<float>();
        from.Rows("steps", frames, width, rows => steps.AddRange(MemoryMarshal.Cast<byte, float>(rows.bytes)));
        if (steps.Count != frames * width) throw from.Damaged(Invariant($"its episodes have {frames} frames, but {steps.Count / width} actions and rewards"));
        foreach (var value in CollectionsMarshal.AsSpan(steps))
            if (!float.IsFinite(value)) throw from.Damaged(Invariant($"an action or a reward is {value}"));
        return [.. steps];
    }

    private byte[] ReadBlock(IStateReader from, int number, int frames)
    {
        var block = from.Bytes(BlockName(number));
        return block.Length == frames * (long)FrameShape.Size ? block : throw from.Damaged(
            Invariant($"'{BlockName(number)}' has {block.Length} bytes, but {frames} frames of {FrameShape} are needed"));
    }
}
