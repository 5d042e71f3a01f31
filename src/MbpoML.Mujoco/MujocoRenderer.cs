using MbpoML.Mujoco.Native;
using MbpoML.Mujoco.Rendering;
using MbpoML.Numerics;

namespace MbpoML.Mujoco;

/// <summary>
/// Draws pictures of an environment without a display: by EGL (graphics card, or Mesa on the processor), else by OSMesa. The camera follows the body.
/// </summary>
/// <remarks>
/// Made by <see cref="MujocoEnvironment.CreateRenderer"/>. It draws on a thread of its own, may be called from any thread, one at a time, and never changes the
/// environment.
/// </remarks>
public sealed class MujocoRenderer : IDisposable
{
    private const int MinSize = 16, MaxSize = 4096;

    private readonly MujocoEnvironment _environment;
    private readonly GuardedThread _thread = new();
    private readonly CameraView _view;
    private readonly double[] _positions, _mocapPositions, _mocapOrientations;
    private readonly byte[] _pixels;
    private readonly Action _draw;
    private Scene? _scene;

    internal MujocoRenderer(MujocoEnvironment environment, CameraView view, int width, int height)
    {
        Check.Within(MinSize, MaxSize, width, nameof(width));
        Check.Within(MinSize, MaxSize, height, nameof(height));
        (_environment, _view, Width, Height) = (environment, view, width, height);
        _pixels = new byte[3 * width * height];
        var model = environment.Model.Native;
        (_positions, _mocapPositions, _mocapOrientations) =
            (new double[model.PositionSize], new double[3 * model.MocapCount], new double[4 * model.MocapCount]);
        _draw = () => _scene!.Draw(_positions, _mocapPositions, _mocapOrientations, _view, _pixels);
        try
        {
            _thread.Run(() => _scene = new Scene(model, width, height));
            Backend = _scene!.Backend;
        }
        catch
        {
            _thread.Dispose();
            throw;
        }
    }

    /// <summary>The number of pixels in a row.</summary>
    public int Width { get; }

    /// <summary>The number of rows of pixels.</summary>
    public int Height { get; }

    /// <summary>What draws: "EGL" or "OSMesa".</summary>
    public string Backend { get; }

    /// <summary>Draws the environment as it is now.</summary>
    /// <param name="rgb">Receives red, green and blue of each pixel, [height, width, 3], the top row first.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    /// <exception cref="MujocoException">MuJoCo could not draw it.</exception>
    public void Render(Span<byte> rgb)
    {
        ObjectDisposedException.ThrowIf(_scene is null, this);
        Check.Length(_pixels.Length, rgb.Length, nameof(rgb));
        _environment.CopyPose(_positions, _mocapPositions, _mocapOrientations);
        _thread.Run(_draw);
        _pixels.CopyTo(rgb);
    }

    /// <summary>Gives back the graphics context.</summary>
    public void Dispose()
    {
        if (_scene is not { } scene) return;
        _scene = null;
        if (!_thread.IsLost) _thread.Run(scene.Dispose);
        _thread.Dispose();
    }
}
