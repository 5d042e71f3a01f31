using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Mujoco;

namespace MbpoML.Tool.Video;

/// <summary>Takes pictures of an environment as its episode goes on: at the start, every so many steps, and at the end.</summary>
internal sealed class FilmedEnvironment : EnvironmentWrapper
{
    private readonly MujocoRenderer _renderer;
    private readonly int _maxSteps;
    private readonly int _stepsPerFrame;
    private readonly List<byte[]> _frames = [];
    private int _steps;

    /// <param name="environment">Owned from here on.</param>
    /// <param name="maxSteps">The episode's last step, where nothing ends it before.</param>
    /// <param name="stepsPerFrame">Steps from one picture to the next.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    public FilmedEnvironment(MujocoEnvironment environment, int maxSteps, int stepsPerFrame, int width, int height)
        : base(environment) => (_renderer, _maxSteps, _stepsPerFrame) = (environment.CreateRenderer(width, height), maxSteps, stepsPerFrame);

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
        if (disposing) _renderer.Dispose();
        base.Dispose(disposing);
    }

    private void TakePicture()
    {
        var pixels = new byte[3 * _renderer.Width * _renderer.Height];
        _renderer.Render(pixels);
        _frames.Add(pixels);
    }
}
