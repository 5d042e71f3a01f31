using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics;

namespace MbpoML.Mujoco;

/// <summary>Pictures of MuJoCo's renderer as observations: <c>environment.WithPixels(64, 64)</c>, or with a camera of your choice.</summary>
public static class MujocoPixelExtensions
{
    /// <summary>Observes the environment as a picture that is taken from somewhere.</summary>
    /// <param name="environment">The environment to show; the wrapper disposes it.</param>
    /// <param name="height">Rows of pixels, 4 to 4096.</param>
    /// <param name="width">Pixels a row, 4 to 4096.</param>
    /// <param name="camera">Where from; it becomes the environment's <see cref="MujocoEnvironment.Camera"/>.</param>
    /// <param name="gray">Whether a pixel has one value, its brightness, instead of red, green and blue.</param>
    /// <returns>A wrapper that owns <paramref name="environment"/>.</returns>
    /// <exception cref="ArgumentException">The model has no such camera or body.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 4 or above 4096, or the picture has more than
    /// <see cref="FrameShape.MostValues"/> values.</exception>
    public static PixelEnvironment WithPixels(this MujocoEnvironment environment, int height, int width, MujocoCamera camera, bool gray = true)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(camera);
        Check.Within(MujocoEnvironment.LeastPixels, MujocoEnvironment.MostPixels, height);
        Check.Within(MujocoEnvironment.LeastPixels, MujocoEnvironment.MostPixels, width);
        environment.Camera = camera;
        return new PixelEnvironment(environment, height, width, gray);
    }
}
