using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies;
using static TorchSharp.torch;

namespace MbpoML.Evaluation;

/// <summary>Records an episode of a policy.</summary>
internal static class EpisodeRecorder
{
    /// <param name="environment">The task.</param>
    /// <param name="policy">Acts.</param>
    /// <param name="steps">The most steps.</param>
    /// <param name="seed">Of the start.</param>
    /// <param name="generator">Draws the actions; null for the most likely ones.</param>
    public static Episode Record(IEnvironment environment, IPolicy policy, int steps, int seed, Generator? generator = null)
    {
        var actor = new PolicyActor(policy);
        var (observation, action) = (new double[environment.ObservationSpace.Size], new double[environment.ActionSpace.Size]);
        environment.Reset(Seeds.Derive(seed, "diagnostics-episode"), observation);
        List<float[]> observations = [Floats(observation)], actions = [];
        List<float> rewards = [];
        var result = default(StepResult);
        while (rewards.Count < steps && !result.Done)
        {
            actor.Act(observation, action, generator);
            result = environment.Step(action, observation);
            actions.Add(Floats(action));
            observations.Add(Floats(observation));
            rewards.Add((float)result.Reward);
        }

        return new Episode { Observations = observations, Actions = actions, Rewards = rewards, Terminated = result.Terminated, Truncated = !result.Terminated };
    }

    private static float[] Floats(double[] values) => Array.ConvertAll(values, value => (float)value);
}
