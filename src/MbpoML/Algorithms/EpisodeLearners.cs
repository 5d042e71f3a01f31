using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;

namespace MbpoML.Algorithms;

/// <summary>Makes the policy learners of algorithms that learn from whole episodes.</summary>
internal static class EpisodeLearners
{
    /// <summary>A fresh learner.</summary>
    /// <param name="policy">The estimator that makes the learner.</param>
    /// <param name="setup">The sizes and the seed of the run.</param>
    /// <param name="algorithm">For messages.</param>
    /// <param name="device">Where the run wants it.</param>
    /// <exception cref="InvalidOperationException">It learns from something else, or cannot be saved although the run is.</exception>
    public static IEpisodeLearner Create(IPolicyEstimator policy, AlgorithmSetup setup, string algorithm, string? device)
    {
        var learner = policy.CreateLearner(setup.Layout, setup.ActionSpace, Seeds.Derive(setup.Seed, "policy"), device)
            ?? throw new InvalidOperationException($"CreateLearner of {policy.GetType().Name} returned null.");
        try
        {
            if (learner is not IEpisodeLearner taker)
                throw new InvalidOperationException(
                    $"{algorithm} needs a policy learner of whole episodes, but {learner.GetType().Name} is no {nameof(IEpisodeLearner)}: take " +
                        "rl.Policies.Proximal or rl.Policies.TrustRegion.");
            if (setup.IsSaved && learner is not ISaved)
                throw new InvalidOperationException(
                    $"Checkpoints need a policy learner whose state can be saved, but {learner.GetType().Name} is no {nameof(ISaved)}: implement it, or " +
                        "train without checkpoints.");
            return taker;
        }
        catch
        {
            learner.Dispose();
            throw;
        }
    }
}
