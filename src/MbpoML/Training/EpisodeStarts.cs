using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using static TorchSharp.torch;

namespace MbpoML.Training;

/// <summary>Where the environment of a run begins its episodes, found by resetting it without ever cutting a training episode.</summary>
/// <param name="environments">The environments of the run.</param>
/// <param name="interaction">Knows whether a training episode is under way.</param>
internal sealed class EpisodeStarts(RunEnvironments environments, Interaction interaction)
{
    /// <summary>Resets so often.</summary>
    /// <param name="count">At least 1.</param>
    /// <param name="seed">Decides the starts.</param>
    /// <returns>[count, observation]; the caller disposes it.</returns>
    public Tensor Draw(int count, int seed)
    {
        var training = environments.Training;
        if (interaction.LeadIsBetweenEpisodes) return Draw(training, count, seed);
        if (training.AsStateful() is not { } stateful)
            return environments.Evaluation is { } evaluation ? Draw(evaluation, count, seed) : throw new InvalidOperationException(
                "The starts of episodes are found by resetting the environment, which would cut the training episode under way: its state cannot be put back " +
                    $"(it does not implement {nameof(IStatefulEnvironment)}). Give an EvaluationEnvironment.");
        interaction.SettleLead();
        var state = new double[stateful.StateSize];
        stateful.GetState(state);
        try
        {
            return Draw(training, count, seed);
        }
        finally
        {
            stateful.SetState(state);
        }
    }

    // A reset that fails is treated as that of a training episode.
    private Tensor Draw(IEnvironment environment, int count, int seed) => EpisodeBeginnings.Draw(environment, count, seed, failure =>
    {
        if (!interaction.Failures.Include(failure)) return false;
        interaction.Failures.Drop(failure);
        return true;
    });
}
