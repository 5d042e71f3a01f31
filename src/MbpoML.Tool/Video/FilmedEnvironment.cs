using MbpoML.Environments;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Tool.Video;

/// <summary>Takes pictures of an environment as its episode goes on: at the start, every so many steps, and at the end.</summary>
internal sealed class FilmedEnvironment : EnvironmentWrapper
{
    private readonly Camera _camera;
    private readonly int _maxSteps;
    private readonly int _stepsPerFrame;
    private readonly List<byte[]> _frames = [];
    private int _steps;

    /// <param name="environment">Owned from here on.</param>
    /// <param name="camera">Sees it; owned from here on.</param>
    /// <param name="maxSteps">The episode's last step, where nothing ends it before.</param>
    /// <param name="stepsPerFrame">Steps from one picture to the next.</param>
    public FilmedEnvironment(IEnvironment environment, Camera camera, int maxSteps, int stepsPerFrame)
        : base(environment) => (_camera, _maxSteps, _stepsPerFrame) = (camera, maxSteps, stepsPerFrame);

    /// <summary>Red, green and blue of each pixel, [height, width, 3] each.</summary>
    public IReadOnlyList<byte[]> Frames => _frames;

    public override void Reset(int seed, Span<double> observation)
    {
        base.Reset(seed, observation);
        _frames.Clear();
        _steps = 0;
        TakePicture();
    }

    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        var result = base.Step(action, observation);
        if (++_steps % _stepsPerFrame == 0 || result.Done || _steps == _maxSteps) TakePicture();
        return result;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _camera.Dispose();
        base.Dispose(disposing);
    }

    private void TakePicture() => _frames.Add(_camera.Take());
}
