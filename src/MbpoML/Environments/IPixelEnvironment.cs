namespace MbpoML.Environments;

/// <summary>An environment whose observations are frames: values 0 to 255 in the order [channel, row, column].</summary>
public interface IPixelEnvironment : IEnvironment
{
    /// <summary>The shape of a frame.</summary>
    FrameShape FrameShape { get; }
}
