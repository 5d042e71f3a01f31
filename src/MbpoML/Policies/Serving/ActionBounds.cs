using System.Globalization;
using MbpoML.Environments;

namespace MbpoML.Policies.Serving;

/// <summary>Action bounds as single-precision numbers: how tanh's [-1, 1] is scaled onto them, action = center + half range · u.</summary>
internal sealed class ActionBounds
{
    /// <param name="space">The action space.</param>
    /// <param name="name">The caller's argument or property that holds it, for messages.</param>
    /// <exception cref="ArgumentException">A bound is infinite, or float32 cannot hold an action between the bounds.</exception>
    public ActionBounds(BoxSpace space, string name = "space")
    {
        if (!space.IsBounded)
            throw new ArgumentException("A policy needs finite action bounds, but some bound of the action space is infinite.", name);
        Low = [.. space.Low.Select(RoundUp)];
        High = [.. space.High.Select(RoundDown)];
        Center = [.. space.Low.Zip(space.High, (low, high) => (float)(0.5 * (low + high)))];
        HalfRange = [.. space.Low.Zip(space.High, (low, high) => (float)(0.5 * (high - low)))];
        for (var index = 0; index < Low.Length; index++)
            if (!(Low[index] < High[index]) || !float.IsFinite(Low[index]) || !float.IsFinite(High[index]) || !(HalfRange[index] > 0) ||
                !float.IsFinite(1 / HalfRange[index]) || !float.IsFinite(HalfRange[index]))
                throw new ArgumentException(
                    Invariant($"Dimension {index} of the action space has the bounds {space.Describe(index)}, which {Reason(space, index)}. Give the action ") +
                        "in another unit, or wrap the environment in WithRescaledActions().",
                    name);
    }

    /// <summary>The smallest singles that are not below the lower bounds. Actions are cut to them, so that rounding carries none out of the space.</summary>
    public float[] Low { get; }

    /// <summary>The largest singles that are not above the upper bounds.</summary>
    public float[] High { get; }

    public float[] Center { get; }

    public float[] HalfRange { get; }

    /// <summary>The action that the output of a squashed-Gaussian actor stands for, inside the bounds whatever the rounding.</summary>
    /// <param name="head">[2·action]: means, and what the deviations before the squashing are made of.</param>
    /// <param name="noise">[action], standard normal; empty for the most likely action.</param>
    /// <param name="deviation">How deviations are made.</param>
    /// <param name="range">The range to which log standard deviations are clipped.</param>
    /// <param name="action">[action], filled in environment units.</param>
    public void Squash(ReadOnlySpan<float> head, ReadOnlySpan<float> noise, ActorDeviation deviation, (float Low, float High) range, Span<float> action)
    {
        for (var index = 0; index < action.Length; index++)
        {
            var unbounded = noise.IsEmpty ? head[index] : head[index] + (Deviation(head[action.Length + index], deviation, range) * noise[index]);
            action[index] = Math.Clamp(Center[index] + (HalfRange[index] * MathF.Tanh(unbounded)), Low[index], High[index]);
        }
    }

    private static float Deviation(float raw, ActorDeviation deviation, (float Low, float High) range) => deviation == ActorDeviation.Softplus
        ? Math.Max(raw, 0) + MathF.Log(1 + MathF.Exp(-Math.Abs(raw))) + ActorParameters.LeastSoftplusDeviation
        : MathF.Exp(Math.Clamp(raw, range.Low, range.High));

    private static string Reason(BoxSpace space, int index)
    {
        var (low, high) = (space.Low[index], space.High[index]);
        if (low == high) return "leave no choice: leave that action out";
        var largest = Math.Max(Math.Abs(low), Math.Abs(high));
        if (largest > float.MaxValue || high - low > float.MaxValue)
            return string.Create(CultureInfo.InvariantCulture, $"are too far apart for float32, whose largest number is {float.MaxValue:g3}");
        return string.Create(CultureInfo.InvariantCulture,
            $"are too near each other for float32, which holds steps of {MathF.BitIncrement((float)largest) - (float)largest:g3} there");
    }

    private static float RoundUp(double bound) => (float)bound < bound ? MathF.BitIncrement((float)bound) : (float)bound;

    private static float RoundDown(double bound) => (float)bound > bound ? MathF.BitDecrement((float)bound) : (float)bound;
}
