namespace MbpoML.Mujoco.Rendering;

/// <summary>Where a picture is taken from.</summary>
/// <param name="Body">The body that the camera follows over the ground; null: it stays where it is.</param>
/// <param name="Height">The height of the point it looks at, in metre.</param>
/// <param name="Distance">The distance from that point, in metre.</param>
/// <param name="Azimuth">The azimuth in degrees; 90 looks along y, so that forward (x) is to the right.</param>
/// <param name="Elevation">The elevation in degrees; below 0 looks down.</param>
internal readonly record struct CameraView(int? Body, double Height, double Distance, double Azimuth = 90, double Elevation = -10)
{
    /// <summary>The x of the point it looks at, where it follows no body.</summary>
    public double X { get; init; }

    /// <summary>The y of that point.</summary>
    public double Y { get; init; }

    /// <summary>A camera of the model, in place of all the rest; null: none.</summary>
    public int? Fixed { get; init; }
}
