using System.Globalization;
using MbpoML.Numerics;
using MbpoML.Theory;

namespace MbpoML.Imagination;

/// <summary>The rollout schedules of the paper (its appendix C, "x to y over epochs a to b"; official configuration key rollout_schedule).</summary>
public static class RolloutSchedule
{
    /// <summary>Always the same length. Length 1 is Dyna's.</summary>
    /// <param name="length">Imagined steps a rollout, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
    public static IRolloutSchedule Constant(int length) => new LinearSchedule(0, 1, Check.AtLeast(1, length), length);

    /// <summary>From one length to another, linearly over epochs, rounded down: k = k0 up to epoch e0, k1 from epoch e1 on.</summary>
    /// <param name="firstEpoch">e0, the epoch up to which the first length holds, from 0.</param>
    /// <param name="lastEpoch">e1, the epoch from which the last length holds, after <paramref name="firstEpoch"/>.</param>
    /// <param name="firstLength">k0, the length of the rollouts at first, at least 1.</param>
    /// <param name="lastLength">k1, the length of the rollouts in the end, at least 1; it may be below <paramref name="firstLength"/>.</param>
    /// <remarks>Hopper in the official configuration: <c>Linear(20, 150, 1, 15)</c>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1, the first epoch below 0, or the last not after it.</exception>
    public static IRolloutSchedule Linear(int firstEpoch, int lastEpoch, int firstLength, int lastLength)
    {
        Check.AtLeast(0, firstEpoch);
        Check.AtLeast(firstEpoch + 1L, lastEpoch);
        Check.AtLeast(1, firstLength);
        Check.AtLeast(1, lastLength);
        return new LinearSchedule(firstEpoch, lastEpoch, firstLength, lastLength);
    }

    /// <summary>
    /// The length with the least penalty of Theorem 4.3 (<see cref="OptimalRolloutLength"/>) for the model's error and the policy's shift as the run measures
    /// them each time rollouts are branched; <paramref name="shortest"/> until there is something to measure.
    /// </summary>
    /// <remarks>
    /// The bound knows what is worth while, not what it costs: <paramref name="longest"/> bounds time and memory, which grow with the length
    /// (<see cref="BranchedRollouts.Options.MaxTransitions"/> bounds them, too).
    /// </remarks>
    /// <param name="longest">At least <paramref name="shortest"/>. Default: 25, the paper's longest.</param>
    /// <param name="shortest">At least 1, the least there can be; 0 would be soft actor-critic alone.</param>
    /// <param name="discount">γ of the bound, at least 0 and below 1. Default: 0.99, that of the policy's default.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside what is said of it.</exception>
    public static IRolloutSchedule BoundRecommended(int longest = 25, int shortest = 1, double discount = 0.99)
    {
        Check.AtLeast(1, shortest);
        Check.AtLeast(shortest, longest);
        if (discount is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(discount), Check.Told(discount), "discount must be at least 0 and below 1.");
        return new BoundSchedule(longest, shortest, discount);
    }

    private sealed record BoundSchedule(int Longest, int Shortest, double Discount) : IRolloutSchedule
    {
        public bool NeedsTrust => true;

        public int GetLength(RolloutScheduleContext context) =>
            context.Trust is { } trust ? Math.Max(Shortest, OptimalRolloutLength.Of(trust.ModelError, trust.PolicyShift, Discount, Longest)) : Shortest;

        // How it is made, as in MbpoPreset.Set.
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"BoundRecommended({Longest}, {Shortest}, {Discount:R})");
    }

    private sealed record LinearSchedule(int FirstEpoch, int LastEpoch, int FirstLength, int LastLength) : IRolloutSchedule
    {
        public int GetLength(RolloutScheduleContext context)
        {
            var progress = Math.Clamp((context.Epoch - FirstEpoch) / (double)(LastEpoch - FirstEpoch), 0, 1);
            return (int)Math.Floor(FirstLength + (progress * (LastLength - FirstLength)));
        }

        // How it is made, as in MbpoPreset.Set.
        public override string ToString() =>
            FirstLength == LastLength ? $"Constant({FirstLength})" : $"Linear({FirstEpoch}, {LastEpoch}, {FirstLength}, {LastLength})";
    }
}
