using static TorchSharp.torch;

namespace MbpoML.Numerics;

/// <summary>Takes tensors out of a saved state, which may come from a stranger: what is missing or of another form is said, never read.</summary>
/// <param name="state">Tensors by name.</param>
/// <param name="owner">Whose state it is, for messages, such as "the dynamics ensemble".</param>
internal sealed class SavedState(IReadOnlyDictionary<string, Tensor> state, string owner)
{
    /// <summary>The tensor of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type it must have.</param>
    /// <param name="shape">The shape it must have; null: one dimension of any length.</param>
    /// <exception cref="ArgumentException">It is missing, or has another shape or type.</exception>
    public Tensor Get(string name, ScalarType type, long[]? shape)
    {
        if (!state.TryGetValue(name, out var value) || value is null) throw new ArgumentException($"The saved state of {owner} has no '{name}'.");
        if (value.IsInvalid) throw new ObjectDisposedException(nameof(state), $"'{name}' of the saved state of {owner} was disposed.");
        var fits = value.dtype == type && (shape is null ? value.dim() == 1 : shape.SequenceEqual(value.shape));
        return fits
            ? value
            : throw new ArgumentException(
                $"'{name}' of the saved state of {owner} is {value.dtype} [{string.Join(", ", value.shape)}], but {type} [{(shape is null ? "values" : string.Join(", ", shape))}] is needed; " +
                "go on with the options and the environment that it was saved with.");
    }

    /// <summary>One whole number, not negative.</summary>
    public long Count(string name)
    {
        var value = Get(name, ScalarType.Int64, [1]).item<long>();
        return value >= 0 ? value : throw new ArgumentException(Invariant($"'{name}' of the saved state of {owner} is {value}, but must not be negative."));
    }
}
