using System.Runtime.InteropServices;
using MbpoML.Mujoco.Native;

namespace MbpoML.Mujoco.Rendering;

/// <summary>
/// What MuJoCo needs to draw one model: a graphics context, its scene, and a simulation of its own that holds the state to be drawn. Belongs to one thread.
/// </summary>
internal sealed unsafe class Scene : IDisposable
{
    // Larger than the structures of every release, the context's with its fonts included.
    private const int StructureSize = 256 * 1024;
    private const int MaxGeometries = 2000;
    private const int FontScale = 100, Offscreen = 1, AllCategories = 7;

    private readonly SceneFunctions _functions;
    private readonly IOffscreenContext _graphics;
    private readonly NativeModel _model;
    private readonly Simulation _simulation;
    private readonly byte* _memory;
    private readonly Rectangle _size;
    private readonly byte[] _upsideDown;
    private bool _isMade;

    /// <exception cref="PlatformNotSupportedException">There is no graphics library; the message says what to install.</exception>
    /// <exception cref="MujocoException">MuJoCo cannot draw the model.</exception>
    public Scene(NativeModel model, int width, int height)
    {
        _functions = new SceneFunctions(model.Library);
        _size = new Rectangle(0, 0, width, height);
        _upsideDown = new byte[3 * width * height];
        _graphics = (IOffscreenContext?)EglContext.TryCreate() ?? SoftwareContext.TryCreate() ?? throw new PlatformNotSupportedException(
            "Pictures need a graphics library that draws without a display, and none works: install one, on Debian and Ubuntu 'apt-get install libosmesa6' " +
            "or " +
                "'apt-get install libegl1 libegl-mesa0 libgl1-mesa-dri'.");
        _memory = (byte*)NativeMemory.AllocZeroed(4 * StructureSize);
        try
        {
            // The picture's size stands in the model, which others share.
            _model = model.Copy(_functions.CopyModel(0, model.Pointer));
            var buffer = (int*)(_model.Pointer + model.Library.Offsets.OffscreenWidth);
            (buffer[0], buffer[1]) = (width, height);
            _simulation = new Simulation(_model, isGuarded: false);
            _functions.DefaultCamera(Camera);
            _functions.DefaultOption(Option);
            _functions.DefaultScene(Drawing);
            _functions.DefaultContext(Context);
            _functions.MakeScene(_model.Pointer, Drawing, MaxGeometries);
            _functions.MakeContext(_model.Pointer, Context, FontScale);
            _functions.SetBuffer(Offscreen, Context);
            _isMade = true;
        }
        catch
        {
            _graphics.Dispose();
            NativeMemory.Free(_memory);
            throw;
        }
    }

    /// <summary>The name of the graphics library.</summary>
    public string Backend => _graphics.Name;

    private byte* Drawing => _memory;

    private byte* Context => _memory + StructureSize;

    private byte* Option => _memory + (2 * StructureSize);

    private byte* Camera => _memory + (3 * StructureSize);

    /// <summary>Draws a state.</summary>
    /// <param name="positions">[position]</param>
    /// <param name="mocapPositions">[mocap body, 3]</param>
    /// <param name="mocapOrientations">[mocap body, 4]</param>
    /// <param name="view">Where from.</param>
    /// <param name="rgb">[height, width, 3], the top row first.</param>
    public void Draw(ReadOnlySpan<double> positions, ReadOnlySpan<double> mocapPositions, ReadOnlySpan<double> mocapOrientations, CameraView view,
        Span<byte> rgb)
    {
        _simulation.Reset();
        positions.CopyTo(_simulation.Positions);
        mocapPositions.CopyTo(_simulation.MocapPositions);
        mocapOrientations.CopyTo(_simulation.MocapOrientations);
        _simulation.Forward();
        Point(view);
        _functions.UpdateScene(_model.Pointer, _simulation.Pointer, Option, null, Camera, AllCategories, Drawing);
        _functions.Render(_size, Drawing, Context);
        fixed (byte* pixels = _upsideDown) _functions.ReadPixels(pixels, null, _size, Context);
        var row = 3 * _size.Width;
        for (var y = 0; y < _size.Height; y++) _upsideDown.AsSpan((_size.Height - 1 - y) * row, row).CopyTo(rgb[(y * row)..]);
    }

    public void Dispose()
    {
        if (_isMade)
        {
            _functions.FreeContext(Context);
            _functions.FreeScene(Drawing);
            _isMade = false;
        }

        _simulation.Dispose();
        _model.Dispose();
        _graphics.Dispose();
        NativeMemory.Free(_memory);
    }

    // mjvCamera is the same in every release; a free camera (type 0) looks at a point, and a fixed one (type 2) is the model's.
    private void Point(CameraView view)
    {
        var camera = Camera;
        if (view.Fixed is { } number)
        {
            (*(int*)camera, *(int*)(camera + 4)) = (2, number);
            return;
        }

        var target = view.Body is { } body ? _simulation.BodyPositions.Slice(3 * body, 2) : [view.X, view.Y];
        *(int*)camera = 0;
        var lookAt = (double*)(camera + 16);
        (lookAt[0], lookAt[1], lookAt[2]) = (target[0], target[1], view.Height);
        *(double*)(camera + 40) = view.Distance;
        *(double*)(camera + 48) = view.Azimuth;
        *(double*)(camera + 56) = view.Elevation;
    }
}
