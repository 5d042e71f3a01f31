using System.Globalization;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;

namespace MbpoML.Environments;

/// <summary>A box of real vectors: what an observation or an action may be, dimension by dimension. Bounds may be infinite.</summary>
/// <remarks>
/// Equal bounds describe a dimension that never changes, which an observation may have, as in Gymnasium. The action space of an environment must not have one:
/// such an action is no choice.
/// </remarks>
public sealed class BoxSpace
{
    private readonly double[] _low;
    private readonly double[] _high;

    /// <summary>A box from one lower and one upper bound a dimension.</summary>
    /// <param name="low">Lower bounds, in the environment's units; negative infinity where there is none.</param>
    /// <param name="high">Upper bounds; positive infinity where there is none.</param>
    /// <exception cref="ArgumentException">The bounds are empty, differ in number, are not numbers, some lower bound is above its upper bound, or both are the
    /// same infinity.</exception>
    public BoxSpace(IReadOnlyList<double> low, IReadOnlyList<double> high)
    {
        ArgumentNullException.ThrowIfNull(low);
        ArgumentNullException.ThrowIfNull(high);
        if (low.Count == 0 || low.Count != high.Count)
            throw new ArgumentException(
                $"A space needs as many upper as lower bounds and at least one, but {low.Count} lower and {high.Count} upper bounds were given.", nameof(high));
        (_low, _high) = ([.. low], [.. high]);
        for (var index = 0; index < _low.Length; index++)
            if (!(_low[index] < _high[index] || (_low[index] == _high[index] && double.IsFinite(_low[index]))))
                throw new ArgumentException(
                    Invariant($"Dimension {index} has the bounds {Describe(index)}, but the lower bound must not be above the upper bound, nor both the ") +
                        "same infinity.",
                    nameof(low));
    }

    /// <summary>A box of <paramref name="size"/> dimensions that share their bounds.</summary>
    /// <param name="size">The number of dimensions, at least 1.</param>
    /// <param name="low">The lower bound of every dimension, in its unit; negative infinity where there is none.</param>
    /// <param name="high">The upper bound of every dimension, not below the lower one; positive infinity where there is none.</param>
    /// <exception cref="ArgumentException">There are fewer than 1 dimensions, the lower bound is above the upper, or both are the same infinity.</exception>
    public static BoxSpace Uniform(int size, double low, double high) =>
        new(Enumerable.Repeat(low, Check.AtLeast(1, size)).ToArray(), Enumerable.Repeat(high, size).ToArray());

    /// <summary>A box without bounds.</summary>
    /// <param name="size">The number of dimensions, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 1 dimensions.</exception>
    public static BoxSpace Unbounded(int size) => Uniform(size, double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The same box, whose dimensions have names: pictures, reports and messages use them.</summary>
    /// <param name="names">One a dimension, each another one, such as "height", "angle", "forward velocity".</param>
    /// <exception cref="ArgumentException">There are fewer or more names than dimensions, one is blank, or two are equal.</exception>
    public BoxSpace Named(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count != Size)
            throw new ArgumentException(Invariant($"There are {names.Count} names for {Size} dimensions; give one for each."), nameof(names));
        if (names.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException("A name is blank; give each dimension one.", nameof(names));
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"Two dimensions have the name '{twice.Key}'; give each another one.", nameof(names));
        return new BoxSpace(_low, _high) { Names = [.. names] };
    }

    /// <summary>What the dimensions are called, one a dimension; null where they have no names.</summary>
    public IReadOnlyList<string>? Names { get; private init; }

    /// <summary>The number of dimensions.</summary>
    public int Size => _low.Length;

    /// <summary>Lower bounds, one a dimension.</summary>
    public IReadOnlyList<double> Low => _low;

    /// <summary>Upper bounds, one a dimension.</summary>
    public IReadOnlyList<double> High => _high;

    /// <summary>Whether every bound is finite, as an action space that a policy is trained for must be.</summary>
    public bool IsBounded => Array.TrueForAll(_low, double.IsFinite) && Array.TrueForAll(_high, double.IsFinite);

    /// <summary>Fills <paramref name="value"/> with a uniform draw from a bounded box.</summary>
    /// <param name="random">The stream that the draw comes from.</param>
    /// <param name="value">Receives the draw, [<see cref="Size"/>].</param>
    /// <exception cref="InvalidOperationException">Some bound is infinite.</exception>
    /// <exception cref="ArgumentException">The span's length is not <see cref="Size"/>.</exception>
    public void Sample(RandomSource random, Span<double> value)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (!IsBounded) throw new InvalidOperationException("Only a space with finite bounds can be sampled uniformly; give the space finite bounds.");
        if (value.Length != Size)
            throw new ArgumentException(Invariant($"The span has {value.Length} elements, but the space has {Size} dimensions."), nameof(value));
        for (var index = 0; index < value.Length; index++) value[index] = random.NextUniform(_low[index], _high[index]);
    }

    /// <summary>The first dimension whose two bounds are equal; -1 where there is none.</summary>
    internal int FindConstant() => Enumerable.Range(0, Size).FirstOrDefault(index => _low[index] == _high[index], -1);

    /// <summary>A dimension as a message calls it: "observation 2", or "observation 2 (angle)" where it has a name.</summary>
    internal string Tell(string kind, int dimension) =>
        Names is { } names ? Invariant($"{kind} {dimension} ({names[dimension]})") : Invariant($"{kind} {dimension}");

    /// <summary>The bounds of a dimension, as "[-1, 1]".</summary>
    internal string Describe(int dimension) => string.Create(CultureInfo.InvariantCulture, $"[{_low[dimension]}, {_high[dimension]}]");
}
