using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Kernels;

/// <summary>Operations of a tensor with a number, and those for which TorchSharp makes a number of its own.</summary>
/// <remarks>
/// TorchSharp turns a number into a native object, gives its address to native code and forgets it. Any thread may start a garbage collection at that moment.
/// It frees the object while it is being read, and the operation fails or computes with another number. Here each number is held until the operation is over. A
/// test reads the library's code and finds every other use.
/// </remarks>
internal static class ScalarArithmetic
{
    /// <summary>For operations with a factor that is one.</summary>
    public static readonly Scalar One = 1;

    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    public static Tensor Plus(this Tensor left, double right)
    {
        using var number = right.ToScalar();
        return left.add(number, One);
    }

    public static Tensor Plus(this Tensor left, long right)
    {
        using var number = right.ToScalar();
        return left.add(number, One);
    }

    public static Tensor AddInPlace(this Tensor left, Tensor right) => left.add_(right, One);

    public static Tensor AddInPlace(this Tensor left, Tensor right, double factor)
    {
        using var number = factor.ToScalar();
        return left.add_(right, number);
    }

    public static Tensor AddInPlace(this Tensor left, double right)
    {
        using var number = right.ToScalar();
        return left.add_(number, One);
    }

    public static Tensor AddInPlace(this Tensor left, long right)
    {
        using var number = right.ToScalar();
        return left.add_(number, One);
    }

    public static Tensor Times(this Tensor left, double right)
    {
        using var number = right.ToScalar();
        return left.mul(number);
    }

    public static Tensor MultiplyInPlace(this Tensor left, double right)
    {
        using var number = right.ToScalar();
        return left.mul_(number);
    }

    public static Tensor MultiplyInPlace(this Tensor left, long right)
    {
        using var number = right.ToScalar();
        return left.mul_(number);
    }

    public static Tensor Over(this Tensor left, double right)
    {
        using var number = right.ToScalar();
        return left.div(number);
    }

    public static Tensor Remainder(this Tensor left, long right)
    {
        using var number = right.ToScalar();
        return left.remainder(number);
    }

    public static Tensor Squared(this Tensor value) => value.mul(value);

    /// <summary>log(1 + exp(x)).</summary>
    public static Tensor Softplus(this Tensor value) => value.logaddexp(zeros_like(value));

    public static Tensor Above(this Tensor left, double right)
    {
        using var number = right.ToScalar();
        return left.gt(number);
    }

    public static Tensor AtLeast(this Tensor left, double right)
    {
        using var number = right.ToScalar();
        return left.ge(number);
    }

    public static Tensor AtMost(this Tensor left, double right)
    {
        using var number = right.ToScalar();
        return left.le(number);
    }

    public static Tensor Below(this Tensor left, double right)
    {
        using var number = right.ToScalar();
        return left.lt(number);
    }

    public static Tensor Clamped(this Tensor value, double low, double high)
    {
        using var lowest = low.ToScalar();
        using var highest = high.ToScalar();
        return value.clamp(lowest, highest);
    }

    public static Tensor NotBelow(this Tensor value, double low)
    {
        using var lowest = low.ToScalar();
        return value.clamp_min(lowest);
    }

    public static Tensor Filled(this Tensor value, Tensor mask, double number)
    {
        using var held = number.ToScalar();
        return value.masked_fill(mask, held);
    }

    public static Tensor FillInPlace(this Tensor value, double number)
    {
        using var held = number.ToScalar();
        return value.fill_(held);
    }

    /// <summary>The whole numbers from the first up to, but without, the end: int64.</summary>
    public static Tensor Numbers(long first, long end, Device device)
    {
        using var start = first.ToScalar();
        using var stop = end.ToScalar();
        return arange(start, stop, One, ScalarType.Int64, device);
    }
}
