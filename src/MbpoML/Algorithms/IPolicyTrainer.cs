using MbpoML.Algorithms.Mbpo;
using MbpoML.Policies;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Algorithms;

/// <summary>
/// A trainer of a policy in an environment, whatever its algorithm: an estimator of ML.NET whose runs can be watched, resumed and looked into.
/// </summary>
public interface IPolicyTrainer : IEstimator<PolicyTransformer>
{
    /// <summary>Trains a policy from nothing but the environment.</summary>
    PolicyTransformer Fit();

    /// <summary>Trains a policy, and gives the metrics of every epoch.</summary>
    /// <param name="loggedTransitions">Transitions to warm up with, or null.</param>
    TrainingReport Train(IDataView? loggedTransitions = null);

    /// <summary>Goes on with a run that was stopped, as if it had never been.</summary>
    /// <param name="path">The folder of the checkpoints, of which the newest whole one is taken, or one file of it.</param>
    TrainingReport Resume(string path);

    /// <summary>Opens a checkpoint to look at what the run held. Nothing is trained or written.</summary>
    /// <param name="path">The folder of the checkpoints, or one file of it.</param>
    /// <returns>The caller disposes it.</returns>
    TrainingSnapshot Open(string path);

    /// <summary>Checks what a run asks of the options before its first step, without making the learners.</summary>
    void CheckBeginning();
}
