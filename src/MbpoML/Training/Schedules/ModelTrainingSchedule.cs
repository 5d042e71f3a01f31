using System.Globalization;
using MbpoML.Numerics;

namespace MbpoML.Training.Schedules;

/// <summary>When the model is refitted: always after as many steps, as in the paper, or more rarely as data comes in.</summary>
public static class ModelTrainingSchedule
{
    /// <summary>Always the same interval.</summary>
    /// <param name="interval">Real steps between two refits, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is below 1.</exception>
    public static IModelTrainingSchedule Constant(int interval) => new GrowingSchedule(Check.AtLeast(1, interval), interval, 1);

    /// <summary>
    /// A refit whenever the real data has grown by a given part: an interval in proportion to the data. Each refit then sees as large a part of new data as the
    /// one before, and up to the longest interval their number grows with the logarithm of the data only.
    /// </summary>
    /// <param name="shortestInterval">Real steps, at least 1: the interval while there is little data.</param>
    /// <param name="longestInterval">Real steps that no interval exceeds, at least <paramref name="shortestInterval"/>.</param>
    /// <param name="dataGrowth">New transitions as a part of those at the refit, above 0. The paper's 250 steps at 5000 transitions are 0.05.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below its least value or not finite.</exception>
    public static IModelTrainingSchedule Growing(int shortestInterval, int longestInterval, double dataGrowth = 0.05)
    {
        Check.AtLeast(1, shortestInterval);
        Check.AtLeast(shortestInterval, longestInterval);
        Check.Positive(dataGrowth);
        return new GrowingSchedule(shortestInterval, longestInterval, dataGrowth);
    }

    private sealed record GrowingSchedule(int ShortestInterval, int LongestInterval, double DataGrowth) : IModelTrainingSchedule
    {
        public int GetInterval(ModelTrainingScheduleContext context) => (int)Math.Clamp(DataGrowth * context.Transitions, ShortestInterval, LongestInterval);

        // How it is made, as in MbpoPreset.Set.
        public override string ToString() => ShortestInterval == LongestInterval
            ? $"Constant({ShortestInterval})"
            : string.Create(CultureInfo.InvariantCulture, $"Growing({ShortestInterval}, {LongestInterval}, {DataGrowth})");
    }
}
