using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Evaluation;

/// <summary>Runs whole episodes of a policy in an environment.</summary>
internal static class PolicyEvaluator
{
    /// <summary>Episodes that the environment never ends are cut here: the official sampler's max_path_length.</summary>
    public const int DefaultMaxEpisodeSteps = 1000;

    /// <summary>Runs <paramref name="episodes"/> episodes with the policy's most likely actions, or with drawn ones.</summary>
    /// <param name="policy">The policy; its sizes must be the environment's.</param>
    /// <param name="environment">The environment; it is reset before each episode and left at the end of the last.</param>
    /// <param name="episodes">At least 1.</param>
    /// <param name="seed">Determines the episodes' starts and, if stochastic, the draws.</param>
    /// <param name="maxEpisodeSteps">Cuts episodes that the environment does not end.</param>
    /// <param name="stochastic">Draw the actions instead of taking the most likely ones.</param>
    /// <param name="cancellationToken">Checked at every step.</param>
    public static PolicyMetrics Evaluate(
        IPolicy policy, IEnvironment environment, int episodes, int seed, int maxEpisodeSteps = DefaultMaxEpisodeSteps, bool stochastic = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        environment.RequireSpaces();
        Check.AtLeast(1, episodes);
        Check.AtLeast(1, maxEpisodeSteps);
        CheckSizes(policy, environment);
        using var generator = new Generator((ulong)Seeds.Derive(seed, "evaluation-actions"), CPU);
        var results = new EpisodeResult[episodes];
        for (var episode = 0; episode < episodes; episode++)
            results[episode] = RunEpisode(
                policy, environment, Seeds.Derive(seed, "evaluation-episode", episode), maxEpisodeSteps, stochastic ? generator : null, cancellationToken);
        return new PolicyMetrics(results);
    }

    private static EpisodeResult RunEpisode(
        IPolicy policy, IEnvironment environment, int seed, int maxSteps, Generator? generator, CancellationToken cancellationToken)
    {
        using var actor = policy.NewActor();
        var episode = new EpisodeRunner(environment, maxSteps);
        var rewards = new List<double>();
        episode.Begin(seed);
        actor.Begin(rows: 1);
        double[] start = [.. episode.Observation];
        var result = default(StepResult);
        for (; episode.IsUnderWay; episode.Advance())
        {
            cancellationToken.ThrowIfCancellationRequested();
            result = episode.Step((observation, action) => actor.Act(observation, action, generator));
            rewards.Add(result.Reward);
        }

        return new EpisodeResult(rewards, result.Terminated) { Start = start };
    }

    private static void CheckSizes(IPolicy policy, IEnvironment environment)
    {
        if (policy.ActionSpace is null)
            throw new ArgumentException($"{policy.GetType().Name}.ActionSpace is null, but must be the space of its actions.", nameof(policy));
        if (policy.ObservationSize != environment.ObservationSpace.Size || policy.ActionSpace.Size != environment.ActionSpace.Size)
            throw new ArgumentException(
                Invariant($"The policy maps {policy.ObservationSize} observations to {policy.ActionSpace.Size} actions, but the environment has ") +
                Invariant($"{environment.ObservationSpace.Size} observations and {environment.ActionSpace.Size} actions."), nameof(policy));
    }
}
