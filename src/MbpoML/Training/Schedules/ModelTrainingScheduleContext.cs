namespace MbpoML.Training.Schedules;

/// <summary>What a model-training schedule may look at when it chooses an interval.</summary>
/// <param name="Step">Real environment steps at this refit, random ones included.</param>
/// <param name="Transitions">Real transitions so far: the steps and the logged transitions.</param>
public readonly record struct ModelTrainingScheduleContext(int Step, long Transitions);
