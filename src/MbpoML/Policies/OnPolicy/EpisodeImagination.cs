using MbpoML.Acting;
using MbpoML.Data;
using MbpoML.Imagination;
using static TorchSharp.torch;

namespace MbpoML.Policies.OnPolicy;

/// <summary>Imagines the episodes of a policy.</summary>
internal static class EpisodeImagination
{
    /// <summary>Episodes from given start states.</summary>
    /// <param name="rollouts">Imagines them.</param>
    /// <param name="starts">[episodes, observation], environment units</param>
    /// <param name="steps">The most steps of an episode, at least 1.</param>
    /// <param name="policy">Its actions are drawn.</param>
    /// <param name="generator">The generator of all random numbers.</param>
    /// <param name="layout">The sizes.</param>
    /// <param name="cancellationToken">Checked at every step.</param>
    /// <returns>The episodes, left to the caller's dispose scope.</returns>
    /// <exception cref="Numerics.LearningException">The model predicted a value that is not finite.</exception>
    public static ImaginedEpisodes Imagine(
        BranchedRolloutGenerator rollouts, Tensor starts, int steps, IPolicy policy, Generator generator, TransitionLayout layout,
        CancellationToken cancellationToken = default)
    {
        List<Tensor> rows = [], episodes = [];
        try
        {
            rollouts.Generate(starts, steps, policy, generator, (step, origins) =>
            {
                rows.Add(step.clone().DetachFromDisposeScope());
                episodes.Add(origins.clone().DetachFromDisposeScope());
            }, cancellationToken);
            return new ImaginedEpisodes(layout, cat(rows, 0), cat(episodes, 0), (int)starts.size(0));
        }
        finally
        {
            foreach (var part in rows.Concat(episodes)) part.Dispose();
        }
    }
}
