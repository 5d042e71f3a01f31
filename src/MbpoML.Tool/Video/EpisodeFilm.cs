using MbpoML.Mujoco;
using MbpoML.Policies;

namespace MbpoML.Tool.Video;

/// <summary>An episode of a policy, as pictures.</summary>
/// <param name="Frames">Red, green and blue of each pixel, [height, width, 3] each.</param>
/// <param name="Return">The sum of the rewards.</param>
/// <param name="Steps">The length of the episode.</param>
internal sealed record EpisodeFilm(IReadOnlyList<byte[]> Frames, double Return, int Steps)
{
    /// <summary>Runs an episode with the most likely actions.</summary>
    /// <param name="policy">Of the environment's sizes.</param>
    /// <param name="environment">The task.</param>
    /// <param name="seed">Of the episode's start.</param>
    /// <param name="maxSteps">Cuts the episode.</param>
    /// <param name="stepsPerFrame">Steps from one picture to the next.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    public static EpisodeFilm Shoot(IPolicy policy, MujocoEnvironment environment, int seed, int maxSteps, int stepsPerFrame, int width, int height)
    {
        var actor = new PolicyActor(policy);
        var (observation, action) = (new double[environment.ObservationSpace.Size], new double[environment.ActionSpace.Size]);
        environment.Reset(seed, observation);
        using var renderer = environment.CreateRenderer(width, height);
        var frames = new List<byte[]>();
        var (total, steps) = (0.0, 0);
        for (var done = false; !done && steps < maxSteps; steps++)
        {
            if (steps % stepsPerFrame == 0) frames.Add(Picture(renderer, width, height));
            actor.Act(observation, action, null);
            var result = environment.Step(action, observation);
            (total, done) = (total + result.Reward, result.Done);
        }

        frames.Add(Picture(renderer, width, height));
        return new EpisodeFilm(frames, total, steps);
    }

    private static byte[] Picture(MujocoRenderer renderer, int width, int height)
    {
        var pixels = new byte[3 * width * height];
        renderer.Render(pixels);
        return pixels;
    }
}
