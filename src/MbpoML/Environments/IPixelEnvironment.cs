using MbpoML.Environments.Wrappers;

namespace MbpoML.Environments;

/// <summary>
/// An environment that is observed as a picture: <see cref="IEnvironment.ObservationSpace"/> has as many values as the picture, each from 0 to 255, in the
/// order [channel, row, column].
/// </summary>
/// <remarks>
/// <see cref="EnvironmentExtensions.WithPixels"/> makes one of a task that can draw itself. Ask <see cref="EnvironmentExtensions.FindFrameShape"/> rather than
/// the type: a wrapper passes pictures on.
/// </remarks>
public interface IPixelEnvironment : IEnvironment
{
    /// <summary>The sizes of the picture.</summary>
    FrameShape FrameShape { get; }
}
