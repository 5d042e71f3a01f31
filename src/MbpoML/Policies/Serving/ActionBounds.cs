using MbpoML.Environments;

namespace MbpoML.Policies;

/// <summary>Action bounds as single-precision numbers: how tanh's [-1, 1] is scaled onto them, action = center + half range · u.</summary>
internal sealed class ActionBounds
{
    public ActionBounds(BoxSpace space)
    {
        if (!space.IsBounded)
            throw new ArgumentException("A policy needs finite action bounds, but some bound of the action space is infinite.", nameof(space));
        Low = [.. space.Low.Select(RoundUp)];
        High = [.. space.High.Select(RoundDown)];
        Center = [.. space.Low.Zip(space.High, (low, high) => (float)(0.5 * (low + high)))];
        HalfRange = [.. space.Low.Zip(space.High, (low, high) => (float)(0.5 * (high - low)))];
        for (var index = 0; index < Low.Length; index++)
            if (!(Low[index] < High[index]) || !float.IsFinite(Low[index]) || !float.IsFinite(High[index]) || !(HalfRange[index] > 0) || !float.IsFinite(1 / HalfRange[index]) || !float.IsFinite(HalfRange[index]))
                throw new ArgumentException(
                    $"Dimension {index} of the action space has the bounds [{space.Low[index]}, {space.High[index]}], which are too far apart or too near each other for float32; rescale the action.",
                    nameof(space));
    }

    /// <summary>The smallest singles that are not below the lower bounds. Actions are cut to them, so that rounding carries none out of the space.</summary>
    public float[] Low { get; }

    /// <summary>The largest singles that are not above the upper bounds.</summary>
    public float[] High { get; }

    public float[] Center { get; }

    public float[] HalfRange { get; }

    private static float RoundUp(double bound) => (float)bound < bound ? MathF.BitIncrement((float)bound) : (float)bound;

    private static float RoundDown(double bound) => (float)bound > bound ? MathF.BitDecrement((float)bound) : (float)bound;
}
