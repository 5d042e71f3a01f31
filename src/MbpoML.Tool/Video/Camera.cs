using MbpoML.Environments;
using MbpoML.Environments.Drawing;
using MbpoML.Environments.Wrappers;
using MbpoML.Mujoco;

namespace MbpoML.Tool.Video;

/// <summary>Takes pictures of an environment: through MuJoCo's renderer, or as the environment draws itself.</summary>
internal sealed class Camera : IDisposable
{
    private readonly Action<byte[]> _take;
    private readonly IDisposable? _renderer;

    private Camera(int width, int height, double? stepDuration, Action<byte[]> take, IDisposable? renderer = null) =>
        (Width, Height, StepDuration, _take, _renderer) = (width, height, stepDuration, take, renderer);

    /// <summary>Pixels a row.</summary>
    public int Width { get; }

    /// <summary>Rows of pixels.</summary>
    public int Height { get; }

    /// <summary>Seconds of a step; null where the environment has no clock.</summary>
    public double? StepDuration { get; }

    /// <summary>A camera of an environment, which stays the caller's; null where that cannot be seen.</summary>
    public static Camera? Of(IEnvironment environment, int width, int height) => environment switch
    {
        MujocoEnvironment robot => Of(robot, robot.CreateRenderer(width, height)),
        IDrawableEnvironment drawable => Of(drawable, new Canvas(height, width, gray: false)),
        EnvironmentWrapper wrapper => Of(wrapper.Inner, width, height),
        _ => null,
    };

    /// <summary>Red, green and blue of each pixel: [height, width, 3].</summary>
    public byte[] Take()
    {
        var pixels = new byte[3 * Width * Height];
        _take(pixels);
        return pixels;
    }

    public void Dispose() => _renderer?.Dispose();

    private static Camera Of(MujocoEnvironment robot, MujocoRenderer renderer) =>
        new(renderer.Width, renderer.Height, robot.StepDuration, pixels => renderer.Render(pixels), renderer);

    private static Camera Of(IDrawableEnvironment drawable, Canvas canvas)
    {
        var shape = canvas.Shape;
        // The canvas holds one plane a color.
        var (planes, size) = (new byte[shape.Size], shape.Height * shape.Width);
        return new Camera(shape.Width, shape.Height, null, pixels =>
        {
            canvas.Clear();
            drawable.Draw(canvas);
            canvas.CopyTo(planes);
            for (var pixel = 0; pixel < size; pixel++)
                for (var color = 0; color < shape.Channels; color++) pixels[(pixel * shape.Channels) + color] = planes[(color * size) + pixel];
        });
    }
}
