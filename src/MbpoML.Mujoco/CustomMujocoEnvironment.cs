using MbpoML.Environments.Functions;
using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco;

/// <summary>A task of your own on a model of your own: an MJCF file, and reward and termination in C#.</summary>
/// <remarks>
/// Places, orientations, velocities and the values of sensors are those of the new state. (The tasks of the paper leave them where the integrator's last
/// evaluation was.) The simulation runs on a thread of its own, which costs some ten microseconds a step. So a fatal error of MuJoCo, such as a stack that is
/// too small for the contacts, becomes an exception.
/// </remarks>
public sealed partial class CustomMujocoEnvironment : MujocoEnvironment
{
    private readonly Options _options;
    private readonly bool _ownsModel;
    private readonly float[] _observation;

    /// <summary>Makes the task on a model that is there already.</summary>
    /// <param name="model">What is simulated; the caller disposes it, before or after the environment.</param>
    /// <param name="options">The reward, the termination and what else makes the task; checked and copied.</param>
    /// <exception cref="ArgumentException">An option is missing or cannot be used, or the model has no joints, no actuators, one without a range, or not the
    /// keyframe.</exception>
    /// <exception cref="MujocoException">MuJoCo cannot simulate the model.</exception>
    public CustomMujocoEnvironment(MujocoModel model, Options options)
        : this(model, Checked(model, options), ownsModel: false)
    {
    }

    private CustomMujocoEnvironment(MujocoModel model, Options options, bool ownsModel)
        : base(model, options.ObservationSize ?? model.PositionSize + model.VelocitySize, options.FrameSkip, options.MaxEpisodeSteps, isGuarded: true,
            KeyframeOf(model, options), options.ObservationNames, options.ActionNames)
    {
        (_options, _ownsModel) = (options, ownsModel);
        _observation = new float[ObservationSpace.Size];
        if (options.Termination is { } isOver) Termination = TerminationFunction.FromRow((_, _, next) => isOver(next));
    }

    /// <inheritdoc/>
    public override ITerminationFunction? Termination { get; }

    /// <inheritdoc/>
    public override IRewardFunction? Reward => _options.ImaginedReward;

    private protected override bool NeedsContactForces => _options.ContactForces;

    private protected override bool RefreshesPlaces => true;

    /// <summary>Makes the task on a file's model, which goes with it.</summary>
    internal static CustomMujocoEnvironment FromFile(string path, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = options.Validated();
        var model = MujocoModel.FromFile(path);
        try
        {
            return new CustomMujocoEnvironment(model, settings, ownsModel: true);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && _ownsModel) Model.Dispose();
    }

    private protected override void DrawStart(RandomSource random, Span<double> positions, Span<double> velocities)
    {
        if (_options.Start is { } start)
        {
            start(random, positions, velocities);
            return;
        }

        AddUniform(random, positions, _options.PositionNoise);
        AddUniform(random, velocities, _options.VelocityNoise);
    }

    private protected override void Observe(MujocoState state, Span<double> observation)
    {
        if (_options.Observe is { } observe)
        {
            observe(state, observation);
            return;
        }

        state.Positions.CopyTo(observation);
        state.Velocities.CopyTo(observation[state.Positions.Length..]);
    }

    private protected override double MeasureProgress(MujocoState state) => _options.Progress?.Invoke(state) ?? 0;

    private protected override (double Reward, bool Terminated) Judge(MujocoStep step)
    {
        var reward = _options.Reward!(step);
        if (_options.Termination is not { } isOver) return (reward, false);
        for (var index = 0; index < _observation.Length; index++) _observation[index] = (float)step.Observation[index];
        return (reward, isOver(_observation));
    }

    private static int? KeyframeOf(MujocoModel model, Options options) =>
        options.Keyframe is { } keyframe ? model.KeyframeNumber(keyframe, nameof(options.Keyframe)) : null;

    private static Options Checked(MujocoModel model, Options options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        return options.Validated();
    }
}
