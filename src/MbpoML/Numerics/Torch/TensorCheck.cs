using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MbpoML.Numerics.Torch;

/// <summary>
/// Checks of tensors and generators that callers give: torch's own errors name neither the argument nor what was expected, and some misuse it does not notice.
/// </summary>
internal static class TensorCheck
{
    /// <summary>Checks for float32 [rows, <paramref name="width"/>].</summary>
    public static Tensor Matrix(Tensor value, long width, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        Alive(value, name);
        return value.dim() == 2 && value.size(1) == width && value.dtype == ScalarType.Float32
            ? value
            : throw new ArgumentException(Invariant($"{name} is {Describe(value)}, but must be Float32 [rows, {width}]."), name);
    }

    /// <summary>Checks for one value a row.</summary>
    public static Tensor Column(Tensor? value, long rows, ScalarType type, string giver)
    {
        if (value is null) throw new InvalidOperationException(Invariant($"{giver} returned null, but must return a {type} tensor [{rows}]: one value a row."));
        return value.dim() == 1 && value.size(0) == rows && value.dtype == type
            ? value
            : throw new InvalidOperationException(
                Invariant($"{giver} returned a {Describe(value)} tensor, but must return a {type} tensor [{rows}]: one value a row."));
    }

    /// <exception cref="ArgumentNullException">It is null.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public static void Alive(Tensor value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        if (value.IsInvalid) throw new ObjectDisposedException(name, $"The tensor given as {name} was disposed.");
    }

    /// <summary>A null or disposed generator would make torch draw from its global one without a word.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public static Generator Alive(Generator generator, [CallerArgumentExpression(nameof(generator))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(generator, name);
        return generator.Handle != 0 ? generator : throw new ObjectDisposedException(name, $"The random generator given as {name} was disposed.");
    }

    /// <summary>Checks that every value is finite, with one pass and no temporary where that is so.</summary>
    /// <param name="value">[rows, columns], float32</param>
    /// <param name="name">The argument.</param>
    public static void Finite(Tensor value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (float.IsFinite(Sum(value))) return;
        // Large values may merely have overflowed the sum.
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var wrong = value.isfinite().logical_not().nonzero();
        if (wrong.size(0) == 0) return;
        var (row, column) = (wrong[0, 0].item<long>(), wrong[0, 1].item<long>());
        throw new ArgumentException(
            Invariant($"{name}[{row}, {column}] is {value[row, column].item<float>()}, but all values must be finite; find out where it comes from."), name);
    }

    private static string Describe(Tensor value) => $"{value.dtype} [{string.Join(", ", value.shape)}]";

    private static float Sum(Tensor value)
    {
        // A call into torch costs more than a minibatch's sum.
        if (value.device_type == TorchSharp.DeviceType.CPU && value.NumberOfElements <= 1 << 24 && value.is_contiguous())
            return TensorPrimitives.Sum(MemoryMarshal.Cast<byte, float>(value.bytes));
        using var detached = value.detach();
        using var sum = detached.sum();
        return sum.item<float>();
    }
}
