using MbpoML.Acting;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>Records an episode of a policy.</summary>
internal static class EpisodeRecorder
{
    /// <param name="environment">The task.</param>
    /// <param name="policy">Acts.</param>
    /// <param name="steps">The most steps.</param>
    /// <param name="seed">The seed of the start.</param>
    /// <param name="generator">Draws the actions; null for the most likely ones.</param>
    public static Episode Record(IEnvironment environment, IPolicy policy, int steps, int seed, Generator? generator = null)
    {
        using var actor = policy.NewActor();
        var episode = new EpisodeRunner(environment, steps);
        episode.Begin(Seeds.Derive(seed, "diagnostics-episode"));
        actor.Begin(rows: 1);
        List<float[]> observations = [Floats(episode.Observation)], actions = [];
        List<float> rewards = [];
        var result = default(StepResult);
        for (; episode.IsUnderWay; episode.Advance())
        {
            result = episode.Step((observation, action) => actor.Act(observation, action, generator));
            actions.Add(Floats(episode.Action));
            observations.Add(Floats(episode.Next));
            rewards.Add((float)result.Reward);
        }

        return new Episode
        {
            Observations = observations,
            Actions = actions,
            Rewards = rewards,
            Terminated = result.Terminated,
            Truncated = !result.Terminated
        };
    }

    private static float[] Floats(double[] values) => Array.ConvertAll(values, value => (float)value);
}
