using System.Runtime.InteropServices;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Data.Replay;

/// <summary>A ring of equally wide rows in one tensor that grows geometrically up to a capacity; rows are numbered from the oldest.</summary>
/// <param name="width">Floats a row.</param>
/// <param name="capacity">The most rows kept.</param>
/// <param name="device">Where the rows live.</param>
/// <param name="direct">Whether rows are read and written through their address (only on the CPU, the fastest) rather than by tensor operations (any
/// device).</param>
internal sealed class RowRing(int width, long capacity, Device device, bool direct) : IDisposable
{
    /// <summary>The rows that memory is first allocated for.</summary>
    public const long FirstRows = 1024;

    // While fewer rows are allocated than the capacity allows, the oldest row stands at 0: only a full ring wraps around.
    private Tensor _rows = Allocate(0, width, device);
    private long _start;
    private unsafe float* _memory;

    public long Capacity { get; private set; } = capacity;

    public long Count { get; private set; }

    /// <summary>The rows that memory is allocated for.</summary>
    public long Allocated { get; private set; }

    /// <summary>Adds one row after the newest.</summary>
    public unsafe void Add(float[] row)
    {
        EnsureAllocated(1);
        var slot = Slot(Count);
        if (direct)
        {
            row.CopyTo(new Span<float>(_memory + (slot * width), width));
        }
        else
        {
            using var scope = NewDisposeScope();
            Store(slot, tensor(row).unsqueeze(0));
        }
        Advance(1);
    }

    /// <summary>Adds a batch [rows, width], in order; of more rows than the capacity the last ones are kept.</summary>
    public void Append(Tensor rows)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var given = rows.size(0);
        var kept = Math.Min(given, Capacity);
        EnsureAllocated(kept);
        var slot = Slot(Count);
        var untilEnd = Math.Min(kept, Allocated - slot);
        Store(slot, rows.narrow(0, given - kept, untilEnd));
        if (untilEnd < kept) Store(0, rows.narrow(0, given - kept + untilEnd, kept - untilEnd));
        Advance(kept);
    }

    /// <summary>Copies the first floats of the rows with the given numbers into a tensor of that many rows, whose width says how many floats.</summary>
    /// <param name="numbers">int64 on the CPU, each below <see cref="Count"/>.</param>
    /// <param name="destination">[numbers, at most width]</param>
    public void Gather(Tensor numbers, Tensor destination)
    {
        if (direct && destination.device.type == TorchSharp.DeviceType.CPU && destination.is_contiguous() && FitsSpan(destination))
        {
            GatherDirect(MemoryMarshal.Cast<byte, long>(numbers.bytes), MemoryMarshal.Cast<byte, float>(destination.bytes), (int)destination.size(1));
            return;
        }
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        destination.copy_(Select(numbers, destination.size(1)));
    }

    /// <summary>Copies the rows with the given numbers into the same rows of several batches, batch after batch.</summary>
    /// <param name="numbers">int64 on the CPU, <paramref name="count"/> for each batch, each below <see cref="Count"/>.</param>
    /// <param name="batches">[batches, rows, width], contiguous</param>
    /// <param name="first">The first row of each batch to be filled.</param>
    /// <param name="count">The rows of each batch to be filled.</param>
    public void Gather(Tensor numbers, Tensor batches, int first, int count)
    {
        if (direct && batches.device.type == TorchSharp.DeviceType.CPU && FitsSpan(batches))
        {
            var from = MemoryMarshal.Cast<byte, long>(numbers.bytes);
            var to = MemoryMarshal.Cast<byte, float>(batches.bytes);
            var rows = (int)batches.size(1);
            for (var batch = 0; batch < batches.size(0); batch++)
                GatherDirect(from.Slice(batch * count, count), to.Slice(((batch * rows) + first) * width, count * width), width);
            return;
        }
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        batches.narrow(1, first, count).copy_(Select(numbers, width).view(-1, count, width));
    }

    /// <summary>Changes the capacity; the newest rows stay, in order. Copies only when memory must be given back or the ring unrolled.</summary>
    public void Resize(long capacity)
    {
        var grows = capacity > Capacity;
        Capacity = capacity;
        if (Allocated > capacity || (grows && _start != 0)) Reallocate(Math.Min(capacity, Math.Max(FirstRows, 2 * Count)));
    }

    /// <summary>Copies rows, in time order from the one of the given number on, into a tensor [rows, width].</summary>
    public void Copy(long number, Tensor destination)
    {
        using var scope = NewDisposeScope();
        var count = destination.size(0);
        var first = Slot(number);
        var untilEnd = Math.Min(count, Allocated - first);
        destination.narrow(0, 0, untilEnd).copy_(_rows.narrow(0, first, untilEnd));
        if (untilEnd < count) destination.narrow(0, untilEnd, count - untilEnd).copy_(_rows.narrow(0, 0, count - untilEnd));
    }

    /// <summary>Where the ring stands: its number of rows, and the place of the oldest.</summary>
    public (long Count, long Start) Mark() => (Count, _start);

    /// <summary>
    /// Takes back what was added since the mark, when nothing else was changed. Rows that it had pushed out are not there again, so the same rows must be added
    /// once more before anything is read.
    /// </summary>
    public void TakeBackTo((long Count, long Start) mark) => (Count, _start) = mark;

    /// <summary>Drops all rows and keeps the memory.</summary>
    public void Clear() => (Count, _start) = (0, 0);

    public unsafe void Dispose()
    {
        _rows.Dispose();
        _memory = null;
        (Count, Allocated, _start) = (0, 0, 0);
    }

    // What is larger is gathered by tensor operations.
    private static bool FitsSpan(Tensor floats) => floats.NumberOfElements <= int.MaxValue / sizeof(long);

    private static Tensor Allocate(long rows, int width, Device device) => empty(rows, width, float32, device).DetachFromDisposeScope();

    private Tensor Select(Tensor numbers, long columns) =>
        _rows.narrow(1, 0, columns).index(TensorIndex.Tensor(numbers.Plus(_start).Remainder(Allocated).to(device)));

    private unsafe void GatherDirect(ReadOnlySpan<long> numbers, Span<float> destination, int columns)
    {
        for (var index = 0; index < numbers.Length; index++)
            new ReadOnlySpan<float>(_memory + (Slot(numbers[index]) * width), columns).CopyTo(destination.Slice(index * columns, columns));
        // The memory is the tensor's: it must not be finalized while only its address is in use.
        GC.KeepAlive(_rows);
    }

    private void Store(long slot, Tensor rows) => _rows.narrow(0, slot, rows.size(0)).copy_(rows);

    private void EnsureAllocated(long added)
    {
        var needed = Math.Min(Capacity, Count + added);
        if (needed > Allocated) Reallocate(Math.Min(Capacity, Math.Max(needed, Math.Max(FirstRows, 2 * Allocated))));
    }

    private unsafe void Reallocate(long allocated)
    {
        var kept = Math.Min(Count, allocated);
        var rows = Allocate(allocated, width, device);
        using (var target = rows.narrow(0, 0, kept)) Copy(Count - kept, target);
        _rows.Dispose();
        (_rows, Allocated, Count, _start) = (rows, allocated, kept, 0);
        if (!direct) return;
        // Native memory does not move, so the address stays right after the fixed statement. Taken from one row: a span over all of them could be too long.
        using var first = rows.narrow(0, 0, 1);
        fixed (byte* address = first.bytes) _memory = (float*)address;
    }

    private long Slot(long number)
    {
        var slot = _start + number;
        return slot < Allocated ? slot : slot - Allocated;
    }

    private void Advance(long added)
    {
        var dropped = Math.Max(0, Count + added - Capacity);
        Count += added - dropped;
        _start = Slot(dropped);
    }
}
