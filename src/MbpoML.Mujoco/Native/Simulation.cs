using System.Runtime.InteropServices;

namespace MbpoML.Mujoco.Native;

/// <summary>The state of one simulation, mjData, and what moves it. Spans are views of MuJoCo's own memory.</summary>
internal sealed unsafe partial class Simulation : IDisposable
{
    private static readonly SimulationWarning[] Warnings = Enum.GetValues<SimulationWarning>();

    private readonly MujocoLibrary _library;
    private readonly DataHandle _data;
    private readonly nint _model;
    private readonly nint _pointer;
    private readonly double* _time, _positions, _velocities, _activations, _warmStart, _controls, _bodyPositions, _massCenters, _sitePositions,
        _constraintForces, _contactForces;
    private readonly int* _warnings;
    private readonly GuardedThread? _thread;
    private readonly Action _forward, _advance;
    private int _steps;
    private bool _withContactForces;
    private bool _withKinematics;
    private string? _said;

    /// <param name="model">The model, which stays alive as long as this.</param>
    /// <param name="isGuarded">Whether the simulation runs on a thread of its own, which a fatal error of MuJoCo may take away.</param>
    /// <exception cref="MujocoException">MuJoCo could not make it.</exception>
    public Simulation(NativeModel model, bool isGuarded)
    {
        Model = model;
        _library = model.Library;
        _data = GuardedThread.Call(() => new DataHandle(model));
        (_model, _pointer) = (model.Pointer, _data.DangerousGetHandle());
        var offsets = _library.Offsets;
        _time = (double*)(_pointer + offsets.Time);
        _warnings = (int*)(_pointer + offsets.Warnings);
        _positions = Array(offsets.Positions);
        _velocities = Array(offsets.Velocities);
        _activations = Array(offsets.Activations);
        _warmStart = Array(offsets.WarmStart);
        _controls = Array(offsets.Controls);
        _bodyPositions = Array(offsets.BodyPositions);
        _massCenters = Array(offsets.MassCenters);
        _sitePositions = Array(offsets.SitePositions);
        _constraintForces = Array(offsets.ConstraintForces);
        _contactForces = Array(offsets.ContactForces);
        _bodyOrientations = Array(offsets.BodyOrientations);
        _bodyRotations = Array(offsets.BodyRotations);
        _siteRotations = Array(offsets.SiteRotations);
        _sensorData = Array(offsets.SensorData);
        _mocapPositions = Array(offsets.MocapPositions);
        _mocapOrientations = Array(offsets.MocapOrientations);
        (_bodyVelocities, _siteVelocities, _siteOrientations) =
            (new double[2 * 6 * model.BodyCount], new double[2 * 6 * model.SiteCount], new double[4 * model.SiteCount]);
        _kept = new double[model.PositionSize + (2 * model.VelocitySize) + (4 * model.MocapCount) + ((6 + 3 + 4 + 9 + 3) * model.BodyCount) +
            ((3 + 9) * model.SiteCount)];
        (_forward, _advance, _computeVelocities, _computeSensors) = (ForwardHere, AdvanceHere, ComputeVelocities, ComputeSensors);
        if (isGuarded) _thread = new GuardedThread();
    }

    public NativeModel Model { get; }

    /// <summary>Seconds since the reset.</summary>
    public ref double Time => ref *_time;

    public Span<double> Positions => new(_positions, Model.PositionSize);

    public Span<double> Velocities => new(_velocities, Model.VelocitySize);

    public Span<double> Activations => new(_activations, Model.ActivationSize);

    /// <summary>The accelerations from which the solver of the next step starts: with them a stopped simulation goes on exactly.</summary>
    public Span<double> WarmStart => new(_warmStart, Model.VelocitySize);

    public Span<double> Controls => new(_controls, Model.ActionSize);

    /// <summary>[body, 3] in the world, as of the last evaluation of the forces.</summary>
    public ReadOnlySpan<double> BodyPositions => new(_bodyPositions, 3 * Model.BodyCount);

    /// <summary>Centers of mass, [body, 3] in the world, as of the last evaluation of the forces.</summary>
    public ReadOnlySpan<double> MassCenters => new(_massCenters, 3 * Model.BodyCount);

    /// <summary>[velocity]</summary>
    public ReadOnlySpan<double> ConstraintForces => new(_constraintForces, Model.VelocitySize);

    /// <summary>Torque and force on each body from outside, [body, 6].</summary>
    public ReadOnlySpan<double> ContactForces => new(_contactForces, 6 * Model.BodyCount);

    /// <summary>Places of the sites, [site, 3] in the world, as of the last evaluation of the forces.</summary>
    public ReadOnlySpan<double> SitePositions => new(_sitePositions, 3 * Model.SiteCount);

    public int Count(SimulationWarning warning) => _warnings[(2 * _library.Index(warning)) + 1];

    /// <summary>Puts everything back to how the model starts, the warnings too. Computes nothing yet.</summary>
    /// <param name="keyframe">The keyframe to start in, which replaces positions, velocities, activations, controls and the places of mocap bodies; or
    /// null.</param>
    public void Reset(int? keyframe = null)
    {
        if (_thread is { IsLost: true } thread) thread.Run(_forward);
        (_hasVelocities, _hasSensors) = (false, false);
        if (keyframe is { } key) _library.ResetToKeyframe(_model, _pointer, key);
        else _library.ResetData(_model, _pointer);
        // A keyframe has a time of its own, but an episode begins with it.
        Time = 0;
    }

    /// <summary>Computes positions, forces and accelerations of the state as it is.</summary>
    public void Forward()
    {
        if (_thread is null) ForwardHere();
        else _thread.Run(_forward);
        ThrowIfWarned();
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="steps">Steps of the integrator.</param>
    /// <param name="withContactForces">Whether <see cref="ContactForces"/> are computed after them.</param>
    /// <param name="withKinematics">Whether the places in the world are computed for the new state, rather than left as of the last evaluation.</param>
    /// <exception cref="MujocoException">The simulation failed.</exception>
    public void Advance(int steps, bool withContactForces, bool withKinematics)
    {
        (_steps, _withContactForces, _withKinematics) = (steps, withContactForces, withKinematics);
        if (_thread is null) AdvanceHere();
        else _thread.Run(_advance);
        ThrowIfWarned();
    }

    /// <summary>The native memory; not to be used after <see cref="Dispose"/>.</summary>
    public nint Pointer => _pointer;

    public void Dispose()
    {
        _thread?.Dispose();
        // After a fatal error the thread is still inside the simulation's memory.
        if (_thread is { IsLost: true }) _data.SetHandleAsInvalid();
        _data.Dispose();
    }

    private double* Array(int offset) => *(double**)(_pointer + offset);

    // On the thread that MuJoCo runs on, which is the one it warns.
    private void ForwardHere()
    {
        _library.Forward(_model, _pointer);
        _said = NativeErrors.TakeWarning();
        (_hasVelocities, _hasSensors) = (true, true);
    }

    private void AdvanceHere()
    {
        (_hasVelocities, _hasSensors) = (false, false);
        for (var step = 0; step < _steps; step++) _library.Step(_model, _pointer);
        if (_withContactForces) _library.PostConstraint(_model, _pointer);
        if (_withKinematics) _library.Kinematics(_model, _pointer);
        _said = NativeErrors.TakeWarning();
    }

    // An unstable simulation is put back to its start by MuJoCo, which would look like an ordinary step.
    private void ThrowIfWarned()
    {
        // The memory must outlive the native call, whatever the caller still holds.
        GC.KeepAlive(_data);
        foreach (var warning in Warnings)
            if (Count(warning) != 0) throw Failed(warning);
    }

    private MujocoException Failed(SimulationWarning warning)
    {
        var said = _said is { } text ? $" MuJoCo said: {text.TrimEnd('.')}." : "";
        return new MujocoException(warning switch
        {
            SimulationWarning.BadControl => $"A control is not a finite number.{said} Check what computes the action.",
            SimulationWarning.TooManyContacts or SimulationWarning.TooManyConstraints =>
                $"The simulation has more contacts than its memory holds, so that some were left out.{said} Give it more with <size memory=\"...\"> " +
                    "(nconmax and njmax before MuJoCo 2.3) in the MJCF file.",
            SimulationWarning.SingularInertia =>
                $"The inertia matrix is singular.{said} Give each moving body a mass, or its joint an armature, in the MJCF file.",
            _ =>
                Invariant($"The simulation became unstable ({warning}, element {_warnings[2 * _library.Index(warning)]}).{said} Lower the time step, the ") +
                    "gears or the stiffness in the MJCF file, or end the episode before.",
        });
    }

    /// <summary>Frees mjData, and lets go of the model that it belongs to.</summary>
    private sealed class DataHandle : SafeHandle
    {
        private readonly NativeModel _owner;

        public DataHandle(NativeModel model)
            : base(0, ownsHandle: true)
        {
            _owner = model;
            var isHeld = false;
            model.DangerousAddRef(ref isHeld);
            SetHandle(model.Library.MakeData(model.Pointer));
            if (!IsInvalid) return;
            model.DangerousRelease();
            throw new MujocoException("MuJoCo could not make a simulation of the model: there is not enough memory.");
        }

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            _owner.Library.DeleteData(handle);
            _owner.DangerousRelease();
            return true;
        }
    }
}
