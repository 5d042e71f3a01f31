using System.Runtime.CompilerServices;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Data.Replay;

/// <summary>A replay buffer: the newest transitions up to a capacity, from which minibatches are drawn uniformly with replacement.</summary>
/// <remarks>
/// A ring over one wide row-major tensor (<see cref="TransitionLayout"/>), so that a minibatch is one gather. Memory is taken as rows arrive. It starts at 1024
/// rows and doubles up to the capacity, so a capacity of millions costs nothing until it is used. While it grows, the old and the new storage exist together
/// for the time of the copy. A draw counts rows in time order, whatever their place in memory. Pools with the same rows in the same order give the same
/// minibatches for the same generator. So a pool restored from <see cref="ToRows"/> goes on exactly. Not safe for concurrent use: a second thread gets an
/// <see cref="InvalidOperationException"/>, and every use after <see cref="Dispose"/> an <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class ReplayPool : IDisposable
{
    // No run adds so many in centuries, and sums with numbers of rows stay in range.
    private const long MostAdded = 1L << 53;

    private readonly RowRing _ring;
    private readonly float[] _staged;
    private readonly ExclusiveUse _use = new(nameof(ReplayPool));
    private Tensor _indices;

    /// <summary>Makes a pool without transitions.</summary>
    /// <param name="layout">The sizes of the transitions.</param>
    /// <param name="capacity">The most rows kept, at least 1.</param>
    /// <param name="device">Where the rows live; the CPU when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is below 1.</exception>
    /// <exception cref="ArgumentException">The device is not there.</exception>
    public ReplayPool(TransitionLayout layout, long capacity, Device? device = null)
        : this(layout, capacity, device ?? CPU, direct: (device ?? CPU).type == TorchSharp.DeviceType.CPU)
    {
    }

    /// <param name="layout">The sizes of the transitions.</param>
    /// <param name="capacity">The most rows kept.</param>
    /// <param name="device">Where the rows live.</param>
    /// <param name="direct">Whether rows are read and written through their address (only on the CPU, the fastest) rather than by tensor operations (any
    /// device).</param>
    internal ReplayPool(TransitionLayout layout, long capacity, Device device, bool direct)
    {
        ArgumentNullException.ThrowIfNull(layout);
        (Layout, Device, _staged) = (layout, Devices.Present(device), new float[layout.Width]);
        _ring = new RowRing(layout.Width, Check.AtLeast(1L, capacity), device, direct);
        _indices = empty(0, int64).DetachFromDisposeScope();
    }

    /// <summary>Where each field stands in a row.</summary>
    public TransitionLayout Layout { get; }

    /// <summary>Where the rows live.</summary>
    public Device Device { get; }

    /// <summary>The most rows kept; the oldest give way.</summary>
    public long Capacity => _ring.Capacity;

    /// <summary>The rows it holds.</summary>
    public long Count => _ring.Count;

    /// <summary>The rows ever added, those since dropped included.</summary>
    public long TotalAdded { get; private set; }

    /// <summary>The rows that memory is allocated for.</summary>
    internal long Allocated => _ring.Allocated;

    /// <summary>Adds the transition of one environment step. On the CPU nothing is allocated, except when the storage doubles.</summary>
    /// <param name="observation">The observation before the step, [observation], in the environment's units.</param>
    /// <param name="action">The action of the step, [action], in the environment's units.</param>
    /// <param name="reward">The reward of the step.</param>
    /// <param name="nextObservation">The observation after the step, [observation], in the environment's units.</param>
    /// <param name="terminated">Whether the task ended with this step.</param>
    /// <param name="truncated">Whether only the clock ended the episode.</param>
    /// <exception cref="ArgumentException">A span has another length than the layout says, or a value is not a finite float; the pool is then
    /// unchanged.</exception>
    public void Add(ReadOnlySpan<double> observation, ReadOnlySpan<double> action, double reward, ReadOnlySpan<double> nextObservation, bool terminated,
        bool truncated)
    {
        using var turn = _use.Enter();
        Stage(observation, _staged.AsSpan(0, Layout.ObservationSize), nameof(observation));
        Stage(action, _staged.AsSpan(Layout.ActionOffset, Layout.ActionSize), nameof(action));
        Stage([reward], _staged.AsSpan(Layout.RewardOffset, 1), nameof(reward));
        Stage(nextObservation, _staged.AsSpan(Layout.NextObservationOffset, Layout.ObservationSize), nameof(nextObservation));
        _staged[Layout.TerminatedOffset] = terminated ? 1 : 0;
        _staged[Layout.TruncatedOffset] = truncated ? 1 : 0;
        _ring.Add(_staged);
        TotalAdded++;
    }

    /// <summary>Adds a batch, in order; of more rows than the capacity the last ones are kept.</summary>
    /// <param name="rows">The transitions, float32 [rows, <see cref="TransitionLayout.Width"/>], on any device; copied.</param>
    /// <exception cref="ArgumentException">Another shape or type, or a value that is not finite; the pool is then unchanged.</exception>
    public void Append(Tensor rows)
    {
        using var turn = _use.Enter();
        CheckRows(rows);
        TensorCheck.Finite(rows);
        _ring.Append(rows);
        TotalAdded += rows.size(0);
    }

    /// <summary>Draws a minibatch, uniformly with replacement.</summary>
    /// <param name="count">The rows to draw, at least 1.</param>
    /// <param name="generator">The generator of all random numbers of the draw; a CPU generator also for a pool on another device.</param>
    /// <returns>[<paramref name="count"/>, <see cref="TransitionLayout.Width"/>] on the pool's device; the caller disposes it.</returns>
    /// <exception cref="InvalidOperationException">The pool is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public Tensor Sample(int count, Generator generator) => Draw(count, Layout.Width, generator);

    /// <summary>Draws start states for imagined rollouts, uniformly with replacement, as the official code's <c>_rollout_model</c> does.</summary>
    /// <param name="count">The states to draw, at least 1.</param>
    /// <param name="generator">The generator of all random numbers of the draw; a CPU generator also for a pool on another device.</param>
    /// <returns>[<paramref name="count"/>, observation] on the pool's device; the caller disposes it.</returns>
    /// <exception cref="InvalidOperationException">The pool is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public Tensor SampleObservations(int count, Generator generator) => Draw(count, Layout.ObservationSize, generator);

    /// <summary>Draws states like <see cref="SampleObservations(int, Generator)"/>, but of the newest rows only.</summary>
    /// <param name="count">The states to draw, at least 1.</param>
    /// <param name="newest">The rows to draw from, at least 1; all where there are no more.</param>
    /// <param name="generator">The generator of all random numbers of the draw.</param>
    internal Tensor SampleObservations(int count, long newest, Generator generator) =>
        Draw(count, Layout.ObservationSize, generator, Math.Max(0, Count - Check.AtLeast(1L, newest)));

    /// <summary>Draws a minibatch like <see cref="Sample"/>, into memory that is already there, for instance the real part of a mixed batch.</summary>
    /// <param name="destination">Receives the draws, float32 [rows, <see cref="TransitionLayout.Width"/>]; as many rows are drawn as it has.</param>
    /// <param name="generator">The generator of all random numbers of the draw; a CPU generator also for a pool on another device.</param>
    /// <exception cref="InvalidOperationException">The pool is empty.</exception>
    /// <exception cref="ArgumentException">Another shape or type.</exception>
    public void SampleInto(Tensor destination, Generator generator)
    {
        using var turn = _use.Enter();
        CheckRows(destination);
        if (destination.size(0) == 0) return;
        using var scope = NewDisposeScope();
        _ring.Gather(DrawNumbers(destination.size(0), generator), destination);
    }

    /// <summary>Draws the same rows of several minibatches together, for instance the real part of each: one draw of row numbers and one gather.</summary>
    /// <param name="batches">[batches, rows, <see cref="TransitionLayout.Width"/>], float32, without gaps.</param>
    /// <param name="first">The first row of each minibatch to be filled.</param>
    /// <param name="count">The rows of each minibatch to be filled, at least 1.</param>
    /// <param name="generator">The generator of all random numbers of the draw; a CPU generator also for a pool on another device.</param>
    /// <exception cref="InvalidOperationException">The pool is empty.</exception>
    internal void SampleInto(Tensor batches, int first, int count, Generator generator)
    {
        using var turn = _use.Enter();
        using var scope = NewDisposeScope();
        _ring.Gather(DrawNumbers(batches.size(0) * count, generator), batches, first, count);
    }

    /// <summary>
    /// Changes the capacity; the rows keep their time order, and the newest stay when not all fit. Copies only when memory must be given back or the ring
    /// unrolled.
    /// </summary>
    /// <param name="capacity">The most rows kept from now on, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is below 1.</exception>
    public void Resize(long capacity)
    {
        using var turn = _use.Enter();
        _ring.Resize(Check.AtLeast(1L, capacity));
    }

    /// <summary>A copy of all rows, oldest first.</summary>
    /// <returns>[<see cref="Count"/>, <see cref="TransitionLayout.Width"/>] on the pool's device; the caller disposes it.</returns>
    public Tensor ToRows()
    {
        using var turn = _use.Enter();
        using var scope = NewDisposeScope();
        var rows = empty(Count, Layout.Width, float32, Device);
        _ring.Copy(0, rows);
        return rows.MoveToOuterDisposeScope();
    }

    /// <summary>Drops all rows; the memory is kept for the next ones.</summary>
    public void Clear()
    {
        using var turn = _use.Enter();
        _ring.Clear();
    }

    /// <summary>Writes all rows, oldest first, the capacity, and the number of rows ever added.</summary>
    internal void Save(IStateWriter to)
    {
        to.Add("capacity", Capacity);
        to.Add("total-added", TotalAdded);
        to.Add("rows", Count, Layout.Width, (first, block) => CopyRows(first, block));
    }

    /// <summary>Makes the pool what it was when <see cref="Save"/> wrote it: later draws are the same.</summary>
    /// <param name="from">The source of the values.</param>
    /// <param name="keepsCapacity">Whether the pool keeps its own capacity, into which the rows must fit, rather than take the saved one.</param>
    /// <exception cref="CheckpointException">The content makes no sense.</exception>
    internal void Restore(IStateReader from, bool keepsCapacity)
    {
        var (capacity, totalAdded) = (from.WholeNumber("capacity"), from.WholeNumber("total-added"));
        if (capacity < 1) throw from.Damaged(Invariant($"a pool has the capacity {capacity}"));
        Clear();
        if (!keepsCapacity) Resize(capacity);
        from.Rows("rows", Capacity, Layout.Width, rows =>
        {
            try
            {
                Append(rows);
            }
            catch (ArgumentException wrong)
            {
                throw from.Damaged("a transition of a pool holds a value that is not finite", wrong);
            }
        });
        if (totalAdded < Count || totalAdded > MostAdded) throw from.Damaged(Invariant($"a pool has {Count} rows, but {totalAdded} were ever added"));
        TotalAdded = totalAdded;
    }

    /// <summary>Where the pool stands, to take back what is added from now on.</summary>
    internal PoolMark Mark() => new(_ring.Mark(), TotalAdded);

    /// <summary>Takes back what was added since the mark. Where that had pushed out old rows, the same must be added again before anything is read.</summary>
    internal void TakeBackTo(PoolMark mark)
    {
        _ring.TakeBackTo(mark.Ring);
        TotalAdded = mark.TotalAdded;
    }

    /// <summary>Copies rows in time order.</summary>
    /// <param name="first">The number of the first one, 0 the oldest.</param>
    /// <param name="destination">[rows, <see cref="TransitionLayout.Width"/>], on any device.</param>
    internal void CopyRows(long first, Tensor destination)
    {
        using var turn = _use.Enter();
        _ring.Copy(first, destination);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (!_use.End()) return;
        _ring.Dispose();
        _indices.Dispose();
    }

    private Tensor Draw(int count, int columns, Generator generator, long first = 0)
    {
        using var turn = _use.Enter();
        using var scope = NewDisposeScope();
        var numbers = DrawNumbers(Check.AtLeast(1, count), generator, first);
        var drawn = empty(count, columns, float32, Device);
        _ring.Gather(numbers, drawn);
        return drawn.MoveToOuterDisposeScope();
    }

    /// <summary>Draws row numbers into a buffer that the next draw reuses.</summary>
    private Tensor DrawNumbers(long count, Generator generator, long first = 0)
    {
        TensorCheck.Alive(generator);
        if (Count == 0) throw new InvalidOperationException("The pool is empty: add transitions before sampling.");
        if (_indices.NumberOfElements < count)
        {
            _indices.Dispose();
            _indices = empty(count, int64).DetachFromDisposeScope();
        }
        return _indices.narrow(0, 0, count).random_(first, Count, generator);
    }

    private static void Stage(ReadOnlySpan<double> values, Span<float> target, string name)
    {
        if (values.Length != target.Length)
            throw new ArgumentException($"{name} has {values.Length} values, but the pool's layout has {target.Length}; pass exactly those.", name);
        for (var index = 0; index < values.Length; index++)
        {
            target[index] = (float)values[index];
            if (!float.IsFinite(target[index]))
                throw new ArgumentException(
                    Invariant($"{name}[{index}] is {values[index]}, but a transition holds finite floats only; check the environment and its actions."), name);
        }
    }

    private void CheckRows(Tensor rows, [CallerArgumentExpression(nameof(rows))] string? name = null) => TensorCheck.Matrix(rows, Layout.Width, name);
}
