using MbpoML.Components;
using MbpoML.Environments;
using MbpoML.Policies;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Training;

/// <summary>
/// Runs an algorithm of your own: the run explores, acts, evaluates, measures, reports, writes checkpoints and deals with faults as for the algorithms of
/// MbpoML.
/// </summary>
/// <remarks>Made by <see cref="ReinforcementCatalog.Train"/>.</remarks>
public sealed class AlgorithmTrainer
{
    private readonly TrainingRuns _runs;

    internal AlgorithmTrainer(ComponentContext context, IEnvironment environment, TrainingOptions options, Func<AlgorithmSetup, IAlgorithm> create,
        IReadOnlyDictionary<string, object> stages) =>
        _runs = new TrainingRuns(
            context, environment, options, stages,
            setup => create(setup) ?? throw new InvalidOperationException("The function that makes the algorithm returned null."), nameof(AlgorithmTrainer));

    /// <summary>Trains a policy to the end of the run.</summary>
    /// <returns>The policy; the caller disposes it.</returns>
    /// <exception cref="TrainingCanceledException">The run was cancelled through the options' token; the exception holds the policy so far.</exception>
    /// <exception cref="TrainingFailedException">The run had begun and failed. The exception holds the last good policy, and as inner exception the
    /// cause.</exception>
    /// <exception cref="Saving.CheckpointException">The folder of the checkpoints already has some.</exception>
    /// <exception cref="ArgumentException">All steps would be exploration.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already training, or the function that makes the algorithm returned null.</exception>
    public PolicyTransformer Fit() => Train().Policy;

    /// <summary>Trains a policy, and gives the metrics of every epoch.</summary>
    /// <param name="loggedTransitions">Transitions to warm up with, in the columns of <see cref="TrainingOptions.Columns"/>, or null.</param>
    /// <exception cref="ArgumentException">The transitions do not fit the environment, or all steps would be exploration.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column of the logged transitions is missing.</exception>
    /// <exception cref="TrainingCanceledException">As for <see cref="Fit"/>.</exception>
    /// <exception cref="TrainingFailedException">As for <see cref="Fit"/>.</exception>
    /// <exception cref="Saving.CheckpointException">The folder of the checkpoints already has some.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already training, or the function that makes the algorithm returned null.</exception>
    public TrainingReport Train(IDataView? loggedTransitions = null) => _runs.Train(loggedTransitions);

    /// <summary>Goes on with a run that was stopped, as if it had never been.</summary>
    /// <param name="path">The folder of the checkpoints, of which the newest whole one is taken, or one file of it.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="Saving.CheckpointException">There is no checkpoint, it is damaged, or it is of a run with other settings; the message names
    /// them.</exception>
    /// <exception cref="TrainingCanceledException">As for <see cref="Fit"/>.</exception>
    /// <exception cref="TrainingFailedException">As for <see cref="Fit"/>.</exception>
    public TrainingReport Resume(string path) => _runs.Resume(path);
}
