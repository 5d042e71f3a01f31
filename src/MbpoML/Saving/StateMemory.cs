using System.Runtime.InteropServices;
using System.Text;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Saving;

/// <summary>A state in memory: what <see cref="ISaved.Save"/> wrote, to be put back later in the same process.</summary>
/// <remarks>For taking back what a stopped stage has done, and for tests of parts of your own.</remarks>
public sealed class StateMemory : IStateWriter, IStateReader, IDisposable
{
    private readonly Dictionary<string, Tensor> _values = [];

    /// <summary>Copies the state of a part.</summary>
    /// <param name="part">The part whose state is copied.</param>
    /// <returns>The caller disposes it.</returns>
    public static StateMemory Of(ISaved part)
    {
        ArgumentNullException.ThrowIfNull(part);
        var memory = new StateMemory();
        part.Save(memory);
        return memory;
    }

    /// <inheritdoc/>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>Puts the state back into the part, or into another one with equal sizes and options.</summary>
    /// <param name="part">The part that receives the state.</param>
    /// <exception cref="CheckpointException">The state does not fit.</exception>
    public void RestoreTo(ISaved part)
    {
        ArgumentNullException.ThrowIfNull(part);
        part.Restore(this);
        part.Restored(this);
    }

    /// <inheritdoc/>
    public void Add(string name, Tensor value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        TensorCheck.Alive(value);
        using var scope = NewDisposeScope();
        if (!_values.TryAdd(name, value.detach().to(CPU, copy: true).contiguous().DetachFromDisposeScope()))
            throw new ArgumentException($"'{name}' was added before.", nameof(name));
    }

    /// <inheritdoc/>
    public void Add(string name, ReadOnlySpan<double> values)
    {
        using var scope = NewDisposeScope();
        Own(name, tensor(values.ToArray()));
    }

    /// <inheritdoc/>
    public void Add(string name, params ReadOnlySpan<long> values)
    {
        using var scope = NewDisposeScope();
        Own(name, tensor(values.ToArray()));
    }

    /// <inheritdoc/>
    public void Add(string name, ReadOnlySpan<byte> values)
    {
        using var scope = NewDisposeScope();
        Own(name, tensor(values.ToArray()));
    }

    /// <inheritdoc/>
    public void Add(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Add(name, Encoding.UTF8.GetBytes(text).AsSpan());
    }

    /// <inheritdoc/>
    public void Add(string name, long rows, long width, Action<long, Tensor> copy)
    {
        ArgumentNullException.ThrowIfNull(copy);
        using var scope = NewDisposeScope();
        var matrix = empty(rows, width, ScalarType.Float32);
        if (rows > 0) copy(0, matrix);
        Own(name, matrix);
    }

    /// <summary>Replaces a value, as in a test of what a part refuses.</summary>
    /// <param name="name">The name of the value, not empty.</param>
    /// <param name="value">Taken over; null: the value is taken away.</param>
    public void Replace(string name, Tensor? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_values.Remove(name, out var before)) before.Dispose();
        if (value is not null) _values[name] = value.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <inheritdoc/>
    public Tensor Tensor(string name) => Find(name).clone();

    /// <inheritdoc/>
    public double[] Doubles(string name) => Values<double>(name, ScalarType.Float64);

    /// <inheritdoc/>
    public long[] Integers(string name) => Values<long>(name, ScalarType.Int64);

    /// <inheritdoc/>
    public byte[] Bytes(string name) => Values<byte>(name, ScalarType.Byte);

    /// <inheritdoc/>
    public string Text(string name) => Encoding.UTF8.GetString(Bytes(name));

    /// <inheritdoc/>
    public void Rows(string name, long most, long width, Action<Tensor> take)
    {
        ArgumentNullException.ThrowIfNull(take);
        var matrix = Find(name);
        if (matrix.dtype != ScalarType.Float32 || matrix.dim() != 2 || matrix.size(1) != width || matrix.size(0) > most)
            throw Damaged(Invariant($"'{name}' is {matrix.dtype} [{string.Join(", ", matrix.shape)}], but Float32 [at most {most}, {width}] was expected"));
        if (matrix.size(0) > 0) take(matrix);
    }

    /// <inheritdoc/>
    public CheckpointException Damaged(string reason, Exception? cause = null) => new($"The saved state cannot be used: {reason}.", cause!);

    /// <summary>Frees the values.</summary>
    public void Dispose()
    {
        foreach (var value in _values.Values) value.Dispose();
        _values.Clear();
    }

    private void Own(string name, Tensor value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!_values.TryAdd(name, value.DetachFromDisposeScope())) throw new ArgumentException($"'{name}' was added before.", nameof(name));
    }

    private T[] Values<T>(string name, ScalarType type)
        where T : unmanaged
    {
        var value = Find(name);
        if (value.dtype != type || value.dim() != 1)
            throw Damaged($"'{name}' is {value.dtype} [{string.Join(", ", value.shape)}], but {type} [values] was expected");
        return value.numel() == 0 ? [] : MemoryMarshal.Cast<byte, T>(value.bytes).ToArray();
    }

    private Tensor Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _values.TryGetValue(name, out var value) ? value : throw Damaged($"it has no '{name}'");
    }
}
