using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Torch;
using MbpoML.Planning;
using static TorchSharp.torch;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>Plays an episode of a latent planner, and lets its model imagine the same one.</summary>
internal static class OpenLoop
{
    /// <summary>Plays and imagines.</summary>
    /// <param name="planner">Acts; its model imagines.</param>
    /// <param name="environment">Gives the frames.</param>
    /// <param name="seen">The frames that the model sees, at least 1.</param>
    /// <param name="steps">The most steps of the episode, at least <paramref name="seen"/>.</param>
    /// <param name="seed">Decides the start of the episode and the draws.</param>
    public static OpenLoopPrediction Predict(LatentPlanningTransformer planner, IEnvironment environment, int seen, int steps, int seed)
    {
        ArgumentNullException.ThrowIfNull(planner);
        environment.RequireSpaces();
        Check.AtLeast(1, seen);
        Check.AtLeast(seen, steps);
        if (environment.FindFrameShape() is not { } frames || frames != planner.Model.Frames || environment.ActionSpace.Size != planner.ActionSpace.Size)
            throw new ArgumentException(
                Invariant($"The planner sees frames of {planner.Model.Frames} and takes {planner.ActionSpace.Size} actions, but the environment has ") +
                    Invariant($"{environment.FindFrameShape()?.ToString() ?? "no frames"} and {environment.ActionSpace.Size} actions."), nameof(environment));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)Seeds.Derive(seed, "open-loop"), CPU);
        using var actor = planner.NewActor();
        actor.Begin(rows: 1);
        var episode = new EpisodeRunner(environment, steps);
        episode.Begin(Seeds.Derive(seed, "open-loop-episode"));
        var model = planner.Model;
        var belief = model.Update(
            zeros([1, model.BeliefSize], ScalarType.Float32), zeros([1, planner.ActionSpace.Size], ScalarType.Float32), Row(episode.Observation), generator);
        List<byte[]> actual = [Bytes(frames, episode.Observation)], imagined = [Drawn(belief)];
        List<double> rewards = [0], said = [0];
        for (; episode.IsUnderWay; episode.Advance())
        {
            rewards.Add(episode.Step((observation, action) => actor.Act(observation, action, null)).Reward);
            actual.Add(Bytes(frames, episode.Next));
            var (action, frame) = (Row(episode.Action), Row(episode.Next));
            var next = model.Sample(belief, action, generator);
            said.Add(next.Reward.item<float>());
            belief = actual.Count <= seen ? model.Update(belief, action, frame, generator) : next.NextObservation;
            imagined.Add(Drawn(belief));
        }

        return new OpenLoopPrediction(frames, Math.Min(seen, actual.Count), actual, imagined, rewards, said);

        byte[] Drawn(Tensor state) => [.. model.Decode(state).Floats().ToArray().Select(value => (byte)Math.Round(value))];
    }

    private static Tensor Row(double[] values) => tensor(values.Select(value => (float)value).ToArray()).unsqueeze(0);

    private static byte[] Bytes(FrameShape frames, double[] observation)
    {
        var bytes = new byte[frames.Size];
        frames.ToBytes(observation, bytes);
        return bytes;
    }
}
