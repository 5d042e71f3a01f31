using MbpoML.Mujoco.Rendering;
using MbpoML.Numerics;

namespace MbpoML.Mujoco;

/// <summary>Where pictures of an environment are taken from: a camera of its model, a place, or a place that follows a body.</summary>
/// <example><code>using var environment = rl.Environments.DmcCartPoleSwingUp().WithPixels(64, 64, MujocoCamera.OfModel("lookatcart"));</code></example>
public sealed class MujocoCamera
{
    private readonly Func<MujocoModel, CameraView> _view;
    private readonly string _text;

    private MujocoCamera(string text, Func<MujocoModel, CameraView> view) => (_text, _view) = (text, view);

    /// <summary>A camera that stands in the model's file.</summary>
    /// <param name="name">The name of a <c>&lt;camera&gt;</c>.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static MujocoCamera OfModel(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new MujocoCamera($"camera '{name}'", model => new CameraView { Fixed = model.FindCamera(name) });
    }

    /// <summary>A camera that stays where it is.</summary>
    /// <param name="x">The point that it looks at, in metre.</param>
    /// <param name="y">The point that it looks at, in metre.</param>
    /// <param name="z">The point that it looks at, in metre.</param>
    /// <param name="distance">How far it is from that point, above 0, in metre.</param>
    /// <param name="azimuth">In degrees around the upright axis; 90 looks along y, so that x is to the right.</param>
    /// <param name="elevation">In degrees; below 0 looks down.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or the distance not above 0.</exception>
    public static MujocoCamera At(double x, double y, double z, double distance, double azimuth = 90, double elevation = -10)
    {
        var view = new CameraView(null, Check.Finite(z), Check.Positive(distance), Check.Finite(azimuth), Check.Finite(elevation))
        {
            X = Check.Finite(x),
            Y = Check.Finite(y),
        };
        return new MujocoCamera(Invariant($"a camera at ({x}, {y}, {z})"), _ => view);
    }

    /// <summary>A camera that follows a body over the ground.</summary>
    /// <param name="body">The name of the body.</param>
    /// <param name="height">The height of the point that it looks at, in metre.</param>
    /// <param name="distance">How far it is from that point, above 0, in metre.</param>
    /// <param name="azimuth">In degrees around the upright axis; 90 looks along y, so that x is to the right.</param>
    /// <param name="elevation">In degrees; below 0 looks down.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or the distance not above 0.</exception>
    public static MujocoCamera Following(string body, double height, double distance, double azimuth = 90, double elevation = -10)
    {
        ArgumentException.ThrowIfNullOrEmpty(body);
        var view = new CameraView(null, Check.Finite(height), Check.Positive(distance), Check.Finite(azimuth), Check.Finite(elevation));
        return new MujocoCamera($"a camera that follows '{body}'", model => view with { Body = model.FindBody(body) });
    }

    /// <summary>What it is, in words.</summary>
    public override string ToString() => _text;

    /// <exception cref="ArgumentException">The model has no such camera or body; the message has the nearest names.</exception>
    internal CameraView ViewOf(MujocoModel model) => _view(model);
}
