
namespace MbpoML.Training.Schedules;

/// <summary>
/// Chooses, at each refit of the model, after how many real steps the next one comes. See <see cref="ModelTrainingSchedule"/> for ready ones.
/// </summary>
/// <remarks>
/// Must give the same for the same context. The refit takes place at the first of the times at which rollouts are branched
/// (every <c>MbpoTrainer.Options.ModelTrainingInterval</c> steps) that is not before the chosen one.
/// </remarks>
public interface IModelTrainingSchedule
{
    /// <summary>Chooses when the model is refitted next.</summary>
    /// <param name="context">The real steps and transitions at this refit.</param>
    /// <returns>Real steps from this refit to the next, at least 1.</returns>
    int GetInterval(ModelTrainingScheduleContext context);
}
