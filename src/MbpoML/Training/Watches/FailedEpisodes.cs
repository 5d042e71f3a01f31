using MbpoML.Training.Outcome;

namespace MbpoML.Training.Watches;

/// <summary>
/// What a run does when its environment fails: throws, gives what is not a finite number, or hangs for longer than <see cref="TrainingOptions.StepTimeout"/>.
/// </summary>
public enum FailedEpisodes
{
    /// <summary>The run stops with a <see cref="TrainingFailedException"/>, which holds what was learned.</summary>
    Stop,

    /// <summary>
    /// The episode is dropped and the next one begins. Its transitions before the fault stay as they are: the last of them is neither terminated nor truncated,
    /// because the task had not ended there and the value of what follows still counts. The call that failed adds no transition and counts as no step, and the
    /// return of the episode enters no metric.
    /// </summary>
    Drop,
}
