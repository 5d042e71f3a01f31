using MbpoML.Numerics;

namespace MbpoML.Rollouts;

/// <summary>The rollout schedules of the paper (its appendix C, "x to y over epochs a to b"; official configuration key rollout_schedule).</summary>
public static class RolloutSchedule
{
    /// <summary>Always the same length. Length 1 is Dyna's.</summary>
    /// <param name="length">Imagined steps a rollout, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
    public static IRolloutSchedule Constant(int length) => new LinearSchedule(0, 1, Check.AtLeast(1, length), length);

    /// <summary>From one length to another, linearly over epochs, rounded down: k = k0 up to epoch e0, k1 from epoch e1 on.</summary>
    /// <param name="firstEpoch">e0, from 0</param>
    /// <param name="lastEpoch">e1, after <paramref name="firstEpoch"/></param>
    /// <param name="firstLength">k0, at least 1</param>
    /// <param name="lastLength">k1, at least 1; it may be below k0</param>
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

    private sealed record LinearSchedule(int FirstEpoch, int LastEpoch, int FirstLength, int LastLength) : IRolloutSchedule
    {
        public int GetLength(RolloutScheduleContext context)
        {
            var progress = Math.Clamp((context.Epoch - FirstEpoch) / (double)(LastEpoch - FirstEpoch), 0, 1);
            return (int)Math.Floor(FirstLength + (progress * (LastLength - FirstLength)));
        }

        // How it is made, as in MbpoPreset.Set.
        public override string ToString() => FirstLength == LastLength ? $"Constant({FirstLength})" : $"Linear({FirstEpoch}, {LastEpoch}, {FirstLength}, {LastLength})";
    }
}
