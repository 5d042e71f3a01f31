using MbpoML.Algorithms.Mbpo;
using MbpoML.Imagination;
using MbpoML.Training.Outcome;
using MbpoML.Training.Schedules;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Schedules of refits and rollouts with numbers that cannot be, and schedules of users that choose such numbers.</summary>
internal static class ScheduleCases
{
    private const string Growing = "ModelTrainingSchedule.Growing(int, int, double)";

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentOutOfRangeException>(
            "ModelTrainingSchedule.Constant(int)", "no step", () => ModelTrainingSchedule.Constant(0), "interval", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(Growing, "no step", () => ModelTrainingSchedule.Growing(0, 5), "shortestInterval", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(
            Growing, "the longest below the shortest", () => ModelTrainingSchedule.Growing(5, 4), "longestInterval", "Actual value was 4", "at least 5"),
        .. new[] { 0, -0.1, double.NaN, double.PositiveInfinity }.Select(growth =>
            Bad<ArgumentOutOfRangeException>(Growing, FormattableString.Invariant($"data that grow by {growth}"),
                () => ModelTrainingSchedule.Growing(1, 5, growth), "dataGrowth", FormattableString.Invariant($"Actual value was {growth}"))),
        Bad<TrainingFailedException>("MbpoTrainer.Options.ModelTrainingSchedule", "one that chooses no step",
            () => Run(options => options.ModelTrainingSchedule = new Chooses(0)), "interval of the model-training schedule", "Actual value was 0"),
        Bad<TrainingFailedException>(
            "BranchedRollouts.Options.Schedule", "one that chooses no step", () => Run(_ => { }, new Chooses(-1)), "rollout length", "Actual value was -1"),
    ];

    private static void Run(Action<MbpoTrainer.Options> set, IRolloutSchedule? lengths = null)
    {
        var preset = Samples.TinyPreset();
        set(preset.Trainer);
        if (lengths is not null) preset.Rollouts.Schedule = lengths;
        Samples.Rl.Mbpo(Samples.Environment(), preset).Fit().Dispose();
    }

    private sealed class Chooses(int number) : IModelTrainingSchedule, IRolloutSchedule
    {
        public int GetInterval(ModelTrainingScheduleContext context) => number;

        public int GetLength(RolloutScheduleContext context) => number;
    }
}
