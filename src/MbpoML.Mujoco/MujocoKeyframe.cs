using MbpoML.Mujoco.Native;

namespace MbpoML.Mujoco;

/// <summary>
/// A pose that a model's file names, a <c>&lt;key&gt;</c>. Listed by <see cref="MujocoModel.Keyframes"/>;
/// <see cref="CustomMujocoEnvironment.Options.Keyframe"/> lets episodes begin in one.
/// </summary>
/// <remarks>
/// The values are a copy, which outlives the model. What the file leaves out has MuJoCo's default: the positions of the model's own start, zero for the rest.
/// </remarks>
public sealed class MujocoKeyframe
{
    private readonly double[] _positions, _velocities, _activations, _controls, _mocapPositions, _mocapOrientations;

    internal MujocoKeyframe(NativeModel model, int number)
    {
        (Number, Name) = (number, model.NameOf(MujocoObject.Keyframe, number));
        (_positions, _velocities, _activations) =
            (model.KeyframePositions(number).ToArray(), model.KeyframeVelocities(number).ToArray(), model.KeyframeActivations(number).ToArray());
        (_mocapPositions, _mocapOrientations) = (model.KeyframeMocapPositions(number).ToArray(), model.KeyframeMocapOrientations(number).ToArray());
        // Keyframes have no controls before MuJoCo 2.2.1, whose simulations start with zeros then.
        _controls = model.KeyframeControls(number) is { Length: > 0 } controls ? controls.ToArray() : new double[model.ActionSize];
    }

    /// <summary>Its place in the file, from 0.</summary>
    public int Number { get; }

    /// <summary>The name, empty where the file gives it none.</summary>
    public string Name { get; }

    /// <summary>Generalised positions qpos, [<see cref="MujocoModel.PositionSize"/>].</summary>
    public ReadOnlySpan<double> Positions => _positions;

    /// <summary>Generalised velocities qvel, [<see cref="MujocoModel.VelocitySize"/>].</summary>
    public ReadOnlySpan<double> Velocities => _velocities;

    /// <summary>States of the actuators that have one, act.</summary>
    public ReadOnlySpan<double> Activations => _activations;

    /// <summary>Controls, ctrl, such as the targets of servos that hold the pose: [<see cref="MujocoModel.ActionSize"/>]. Zeros before MuJoCo 2.2.1.</summary>
    public ReadOnlySpan<double> Controls => _controls;

    /// <summary>Places of the mocap bodies, [mocap body, 3] in the world.</summary>
    public ReadOnlySpan<double> MocapPositions => _mocapPositions;

    /// <summary>Orientations of the mocap bodies, quaternions (w, x, y, z), [mocap body, 4].</summary>
    public ReadOnlySpan<double> MocapOrientations => _mocapOrientations;
}
