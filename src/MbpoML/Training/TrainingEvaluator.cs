using MbpoML.Environments;
using MbpoML.Evaluation;
using MbpoML.Numerics;
using MbpoML.Policies;

namespace MbpoML.Training;

/// <summary>Evaluates during training without ever cutting a training episode.</summary>
internal sealed class TrainingEvaluator(CheckedEnvironment training, MbpoTrainer.Options options, Interaction interaction, int seed)
{
    private readonly IEnvironment? _separate = options.EvaluationEnvironment?.WithChecks();
    private readonly IStatefulEnvironment? _stateful = training.AsStateful();

    /// <summary>Whether an evaluation would disturb nothing now.</summary>
    public bool IsPossible => _separate is not null || _stateful is not null || interaction.BetweenEpisodes;

    /// <summary>Runs the evaluation episodes of an epoch, the same starts for every policy of that epoch.</summary>
    public PolicyMetrics Evaluate(IPolicy policy, int epoch)
    {
        var epochSeed = Seeds.Derive(seed, "evaluation", epoch);
        if (_separate is not null) return Run(policy, _separate, epochSeed);
        if (interaction.BetweenEpisodes || _stateful is null) return Run(policy, training, epochSeed);

        var state = new double[_stateful.StateSize];
        _stateful.GetState(state);
        try
        {
            return Run(policy, training, epochSeed);
        }
        finally
        {
            _stateful.SetState(state);
        }
    }

    private PolicyMetrics Run(IPolicy policy, IEnvironment environment, int epochSeed) =>
        PolicyEvaluator.Evaluate(policy, environment, options.EvaluationEpisodes, epochSeed, options.MaxEpisodeSteps, cancellationToken: options.CancellationToken);
}
