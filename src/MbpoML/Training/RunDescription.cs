using MbpoML.Environments;
using MbpoML.Training.Presets;

namespace MbpoML.Training;

/// <summary>What a run runs with, told to an <see cref="IRunRecord"/>.</summary>
/// <param name="Environment">The task as it was given to the trainer.</param>
/// <param name="Seed">The seed of all random numbers of the run.</param>
/// <param name="ResumedFrom">The checkpoint file, or the folder of checkpoints, from which the run goes on; null where it begins.</param>
/// <param name="Options">Every option that text can say, by its path, with a value that <see cref="AlgorithmPreset.Set(string, string)"/> takes back; of stages
/// that are not MbpoML's own, none.</param>
/// <param name="Dynamics">The type of the estimator of stage 1.</param>
/// <param name="Policy">The type of the estimator of stage 3.</param>
public sealed record RunDescription(
    IEnvironment Environment, int Seed, string? ResumedFrom, IReadOnlyDictionary<string, string> Options, string Dynamics, string Policy)
{
    /// <summary>The type of the trainer, such as "MbpoTrainer"; "AlgorithmTrainer" for an algorithm that is not MbpoML's own.</summary>
    public string Trainer { get; init; } = "";
}
