using MbpoML.Environments.Drawing;
using MbpoML.Environments.Functions;

namespace MbpoML.Environments.Wrappers;

/// <summary>
/// Observes an environment as a picture of it, which the environment draws itself (<see cref="IDrawableEnvironment"/>), without a display. Allocates nothing a
/// frame.
/// </summary>
/// <remarks>
/// Actions, rewards, ends and state are those of the environment. Its termination and reward functions are not passed on: they read its own observation, which
/// a picture is not. A picture shows no velocities, so that the first one does not decide an episode.
/// </remarks>
public sealed class PixelEnvironment : EnvironmentWrapper, IPixelEnvironment
{
    private readonly IDrawableEnvironment _drawable;
    private readonly Canvas _canvas;
    private readonly double[] _observation;

    /// <summary>Wraps and owns an environment.</summary>
    /// <param name="inner">A task that draws itself, wrapped or not.</param>
    /// <param name="height">Rows of pixels, at least 1.</param>
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="gray">Whether a pixel has one value, its brightness, instead of red, green and blue.</param>
    /// <exception cref="ArgumentException">The environment cannot draw itself, or has no spaces.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the picture has more than <see cref="FrameShape.MostValues"/> values.</exception>
    public PixelEnvironment(IEnvironment inner, int height, int width, bool gray = true)
        : base(inner)
    {
        inner.RequireSpaces();
        _drawable = FindDrawable(inner);
        _canvas = new Canvas(height, width, gray);
        _observation = new double[inner.ObservationSpace.Size];
        ObservationSpace = BoxSpace.Uniform(FrameShape.Size, 0, byte.MaxValue);
    }

    /// <inheritdoc/>
    public FrameShape FrameShape => _canvas.Shape;

    /// <summary>The picture: values from 0 to 255, [channel, row, column].</summary>
    /// <inheritdoc/>
    public override BoxSpace ObservationSpace { get; }

    /// <summary>Null: the task's own function reads another observation.</summary>
    /// <inheritdoc/>
    public override ITerminationFunction? Termination => null;

    /// <summary>Null: the task's own function reads another observation.</summary>
    /// <inheritdoc/>
    public override IRewardFunction? Reward => null;

    /// <summary>False: a picture does not show everything.</summary>
    public override bool IsDeterministic => false;

    internal override bool IsOtherTask => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The buffer's length is not that of the observation space.</exception>
    public override void Reset(int seed, Span<double> observation)
    {
        Inner.Reset(seed, _observation);
        Draw(observation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The buffer's length is not that of the observation space.</exception>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        var result = Inner.Step(action, _observation);
        Draw(observation);
        return result;
    }

    private void Draw(Span<double> observation)
    {
        _canvas.Clear();
        _drawable.Draw(_canvas);
        _canvas.CopyTo(observation);
    }

    private static IDrawableEnvironment FindDrawable(IEnvironment inner) => inner switch
    {
        IDrawableEnvironment drawable => drawable,
        WatchedEnvironment => throw new ArgumentException(
            $"A {nameof(WatchedEnvironment)} makes every call of its environment on a thread of its own, and so cannot be drawn from outside. Call " +
                $"{nameof(EnvironmentExtensions.WithPixels)} before {nameof(EnvironmentExtensions.WithStepTimeout)}.", nameof(inner)),
        EnvironmentWrapper wrapper => FindDrawable(wrapper.Inner),
        _ => throw new ArgumentException(
            $"{inner.GetType().Name} cannot draw itself. Implement {nameof(IDrawableEnvironment)}, whose one method draws its state on a canvas; or " +
                $"{nameof(IPixelEnvironment)}, where its observation is a picture already.", nameof(inner)),
    };
}
