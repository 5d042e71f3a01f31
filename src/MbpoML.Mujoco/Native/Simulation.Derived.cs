namespace MbpoML.Mujoco.Native;

/// <content>Orientations, velocities in the world and sensors: what follows from the state, and is computed when it is first asked for.</content>
internal sealed unsafe partial class Simulation
{
    // mjtObj of a body's own frame (rather than that of its inertia) and of a site.
    private const int BodyFrame = 2, SiteFrame = 6;

    private readonly double* _bodyOrientations, _bodyRotations, _siteRotations, _sensorData, _mocapPositions, _mocapOrientations;
    private readonly Action _computeVelocities, _computeSensors;

    // [object, frame, 6]: angular, then linear. A view of it must stay right while another one is asked for.
    private readonly double[] _bodyVelocities, _siteVelocities;
    private readonly double[] _siteOrientations;
    private readonly double[] _kept;
    private bool _hasVelocities;
    private bool _hasSensors;

    /// <summary>Quaternions, [body, 4].</summary>
    public ReadOnlySpan<double> BodyOrientations => new(_bodyOrientations, 4 * Model.BodyCount);

    /// <summary>[body, 3, 3]</summary>
    public ReadOnlySpan<double> BodyRotations => new(_bodyRotations, 9 * Model.BodyCount);

    /// <summary>[site, 3, 3]</summary>
    public ReadOnlySpan<double> SiteRotations => new(_siteRotations, 9 * Model.SiteCount);

    /// <summary>[mocap body, 3]</summary>
    public Span<double> MocapPositions => new(_mocapPositions, 3 * Model.MocapCount);

    /// <summary>Quaternions, [mocap body, 4].</summary>
    public Span<double> MocapOrientations => new(_mocapOrientations, 4 * Model.MocapCount);

    /// <summary>A site's quaternion, [4].</summary>
    public ReadOnlySpan<double> SiteOrientation(int site)
    {
        fixed (double* quaternion = &_siteOrientations[4 * site]) _library.RotationToQuaternion(quaternion, _siteRotations + (9 * site));
        return _siteOrientations.AsSpan(4 * site, 4);
    }

    /// <summary>Angular [0..2] and linear [3..5] velocity of a body's frame in the present state.</summary>
    public ReadOnlySpan<double> BodyVelocity(int body, bool isLocal) => Velocity(BodyFrame, body, isLocal, _bodyVelocities);

    /// <summary>Angular [0..2] and linear [3..5] velocity of a site in the present state.</summary>
    public ReadOnlySpan<double> SiteVelocity(int site, bool isLocal) => Velocity(SiteFrame, site, isLocal, _siteVelocities);

    /// <summary>What a sensor measures in the present state.</summary>
    /// <exception cref="MujocoException">The forces could not be computed.</exception>
    public ReadOnlySpan<double> Sensor(int sensor)
    {
        if (!_hasSensors)
        {
            if (_thread is null) ComputeSensors();
            else _thread.Run(_computeSensors);
            ThrowIfWarned();
        }

        return new(_sensorData + Model.SensorStarts[sensor], Model.SensorSizes[sensor]);
    }

    private ReadOnlySpan<double> Velocity(int type, int id, bool isLocal, double[] buffer)
    {
        if (!_hasVelocities)
        {
            if (_thread is null) ComputeVelocities();
            else _thread.Run(_computeVelocities);
        }

        var start = 6 * ((2 * id) + (isLocal ? 1 : 0));
        fixed (double* velocity = &buffer[start]) _library.ObjectVelocity(_model, _pointer, type, id, velocity, isLocal ? 1 : 0);
        return buffer.AsSpan(start, 6);
    }

    // The places must be those of the present state already.
    private void ComputeVelocities()
    {
        _library.MassCenters(_model, _pointer);
        _library.Velocities(_model, _pointer);
        _hasVelocities = true;
    }

    // MuJoCo leaves the sensors where they were before the integrator's last step. To measure the present state, that state is evaluated once more. This must
    // change nothing else that is read, and nothing that the next step begins with. Not even the last bit of a quaternion may change, which each evaluation
    // normalises.
    private void ComputeSensors()
    {
        Keep(save: true);
        _library.Forward(_model, _pointer);
        _said = NativeErrors.TakeWarning();
        Keep(save: false);
        (_hasVelocities, _hasSensors) = (true, true);
    }

    private void Keep(bool save)
    {
        var rest = _kept.AsSpan();
        Keep(Positions, ref rest, save);
        Keep(WarmStart, ref rest, save);
        Keep(MocapOrientations, ref rest, save);
        Keep(new(_constraintForces, Model.VelocitySize), ref rest, save);
        Keep(new(_contactForces, 6 * Model.BodyCount), ref rest, save);
        Keep(new(_bodyPositions, 3 * Model.BodyCount), ref rest, save);
        Keep(new(_bodyOrientations, 4 * Model.BodyCount), ref rest, save);
        Keep(new(_bodyRotations, 9 * Model.BodyCount), ref rest, save);
        Keep(new(_massCenters, 3 * Model.BodyCount), ref rest, save);
        Keep(new(_sitePositions, 3 * Model.SiteCount), ref rest, save);
        Keep(new(_siteRotations, 9 * Model.SiteCount), ref rest, save);
    }

    private static void Keep(Span<double> values, ref Span<double> rest, bool save)
    {
        var kept = rest[..values.Length];
        if (save) values.CopyTo(kept);
        else kept.CopyTo(values);
        rest = rest[values.Length..];
    }
}
