using MbpoML.Numerics;

namespace MbpoML.Training;

/// <summary>When the model is refitted: always after as many steps, as in the paper, or more rarely as data comes in.</summary>
public static class ModelTrainingSchedule
{
    /// <summary>Always the same interval.</summary>
    /// <param name="interval">Real steps between two refits, at least 1.</param>
    public static IModelTrainingSchedule Constant(int interval) => new GrowingSchedule(Check.AtLeast(1, interval), interval);

    /// <summary>
    /// An interval in proportion to the real data: twice as long when there is twice the data of the first fit. Each refit then sees as large a part of new data as
    /// the one before, and up to the longest interval their number grows with the logarithm of the data only.
    /// </summary>
    /// <param name="firstInterval">Real steps from the first fit to the second, at least 1.</param>
    /// <param name="longestInterval">Real steps that no interval exceeds, at least <paramref name="firstInterval"/>.</param>
    public static IModelTrainingSchedule Growing(int firstInterval, int longestInterval)
    {
        Check.AtLeast(1, firstInterval);
        Check.AtLeast(firstInterval, longestInterval);
        return new GrowingSchedule(firstInterval, longestInterval);
    }

    private sealed record GrowingSchedule(int FirstInterval, int LongestInterval) : IModelTrainingSchedule
    {
        public int GetInterval(ModelTrainingScheduleContext context) =>
            (int)Math.Min(LongestInterval, FirstInterval * (double)context.Transitions / Math.Max(1, context.FirstTransitions));
    }
}
