using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Evaluation;
using MbpoML.Numerics.Random;

namespace MbpoML.Training;

/// <summary>Evaluates during training without ever cutting a training episode.</summary>
internal sealed class TrainingEvaluator(RunEnvironments environments, HostSettings settings, Interaction interaction, int seed)
{
    private readonly IEnvironment? _separate = environments.Evaluation;
    private readonly IStatefulEnvironment? _stateful = environments.Training.AsStateful();

    /// <summary>Whether an evaluation would disturb nothing now.</summary>
    public bool IsPossible => _separate is not null || _stateful is not null || interaction.LeadIsBetweenEpisodes;

    /// <summary>Runs the evaluation episodes of an epoch, the same starts for every policy of that epoch.</summary>
    /// <returns>Null where the environment failed in one of them and such episodes are dropped.</returns>
    /// <exception cref="EnvironmentException">The environment failed and the run is to stop.</exception>
    public PolicyMetrics? Evaluate(IPolicy policy, int epoch)
    {
        var epochSeed = Seeds.Derive(seed, "evaluation", epoch);
        try
        {
            return _separate is null ? EvaluateInTraining(policy, epochSeed) : Run(policy, _separate, epochSeed);
        }
        catch (EnvironmentException failure) when (_separate is not null && interaction.Failures.Include(failure))
        {
            interaction.Failures.Drop(failure);
            return null;
        }
        catch (EnvironmentException failure) when (interaction.Failures.Include(failure))
        {
            // The environment was lent by a training episode, whose state may be gone.
            interaction.AbandonLead(failure);
            return null;
        }
    }

    private PolicyMetrics EvaluateInTraining(IPolicy policy, int epochSeed)
    {
        if (interaction.LeadIsBetweenEpisodes || _stateful is null) return Run(policy, environments.Training, epochSeed);

        var state = new double[_stateful.StateSize];
        _stateful.GetState(state);
        try
        {
            return Run(policy, environments.Training, epochSeed);
        }
        finally
        {
            _stateful.SetState(state);
        }
    }

    private PolicyMetrics Run(IPolicy policy, IEnvironment environment, int epochSeed) =>
        PolicyEvaluator.Evaluate(
            policy, environment, settings.EvaluationEpisodes, epochSeed, settings.MaxEpisodeSteps, cancellationToken: settings.CancellationToken);
}
