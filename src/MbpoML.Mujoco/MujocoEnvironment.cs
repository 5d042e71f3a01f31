using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Drawing;
using MbpoML.Environments.Functions;
using MbpoML.Mujoco.Native;
using MbpoML.Mujoco.Rendering;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco;

/// <summary>
/// A task simulated by MuJoCo. Its whole state can be read and set, so that a stopped episode goes on bit for bit on the same machine and library.
/// </summary>
/// <remarks>
/// Made by <see cref="MujocoTask.Create"/>, or as a <see cref="CustomMujocoEnvironment"/> from a model of your own. As in gym, actions beyond the bounds are
/// clamped by the simulator and count as given in the reward. An unstable simulation is an error (<see cref="MujocoException"/>), after which the environment
/// must be reset. Used by one thread at a time.
/// </remarks>
public abstract partial class MujocoEnvironment : IStatefulEnvironment, IDrawableEnvironment, IPresetProvider
{
    private readonly Simulation _simulation;
    private readonly int _frameSkip;
    private readonly int _maxSteps;
    private readonly int? _keyframe;
    private double _progress;
    private int _elapsed;
    private bool _isRunning;
    private bool _isDisposed;

    /// <param name="model">What is simulated.</param>
    /// <param name="observationSize">See <see cref="Observe"/>.</param>
    /// <param name="frameSkip">Steps of the integrator a control step.</param>
    /// <param name="maxSteps">Control steps an episode.</param>
    /// <param name="isGuarded">Whether MuJoCo may meet a fatal error in the model.</param>
    /// <param name="keyframe">The keyframe in which episodes begin, or null for the model's own start.</param>
    /// <param name="observationNames">What the observations are called; null: they have no names.</param>
    /// <param name="actionNames">The same of the actions.</param>
    private protected MujocoEnvironment(
        MujocoModel model, int observationSize, int frameSkip, int maxSteps, bool isGuarded, int? keyframe = null,
        IReadOnlyList<string>? observationNames = null, IReadOnlyList<string>? actionNames = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.ThrowIfDisposed();
        (_frameSkip, _maxSteps, _keyframe) = (Check.AtLeast(1, frameSkip), Check.AtLeast(1, maxSteps), keyframe);
        // First what the model lacks: nothing that moves is also nothing to observe.
        (ActionSpace, ObservationSpace) = (Actions(model.Native), BoxSpace.Unbounded(observationSize));
        if (observationNames is not null) ObservationSpace = ObservationSpace.Named(observationNames);
        if (actionNames is not null) ActionSpace = ActionSpace.Named(actionNames);
        Model = model;
        _simulation = new Simulation(model.Native, isGuarded);
    }

    /// <summary>The task that this is, or null for a model of your own.</summary>
    public virtual MujocoTask? Task => null;

    /// <summary>
    /// Whether the first observation and the actions decide an episode: true for the tasks, whose start alone is drawn, and whose observations leave out only
    /// the place along the ground, which changes nothing. False for a model of your own, because what you observe may leave out more.
    /// </summary>
    public bool IsDeterministic => Task is not null;

    /// <summary>The model that is simulated.</summary>
    public MujocoModel Model { get; }

    /// <summary>Seconds a control step.</summary>
    public double StepDuration => _frameSkip * Model.TimeStep;

    /// <summary>The most control steps an episode has; then it is truncated.</summary>
    public int MaxSteps => _maxSteps;

    /// <inheritdoc/>
    public int? MaxEpisodeSteps => MaxSteps;

    /// <inheritdoc/>
    public BoxSpace ObservationSpace { get; }

    /// <inheritdoc/>
    public BoxSpace ActionSpace { get; }

    /// <inheritdoc/>
    public virtual ITerminationFunction? Termination => Task?.Termination;

    /// <summary>Null but for the tasks of PETS: the dynamics model learns the reward, as in MBPO's paper.</summary>
    /// <inheritdoc/>
    public virtual IRewardFunction? Reward => null;

    /// <summary>The coordinate of <see cref="MeasureProgress"/> where the episode began or, after a step was observed, where it ended.</summary>
    private protected double Progress => _progress;

    /// <summary>Whether the task keeps <see cref="Remembered"/> from step to step.</summary>
    private protected virtual bool Remembers => false;

    /// <summary>The number of the last observation that the reward of the next step needs.</summary>
    private protected double Remembered { get; private set; }

    /// <summary>Whether the reward needs the forces of contacts on bodies, which cost extra.</summary>
    private protected virtual bool NeedsContactForces => false;

    /// <summary>Where pictures are taken from.</summary>
    private protected virtual CameraView View => new(Model.BodyCount > 1 ? 1 : null, Height: 0.8, Distance: 4);

    /// <summary>
    /// Whether places in the world are brought up to date after each control step. The tasks leave them, as gym does, where the integrator's last evaluation
    /// was.
    /// </summary>
    private protected virtual bool RefreshesPlaces => false;

    /// <inheritdoc/>
    /// <exception cref="MujocoException">The start that was drawn cannot be simulated.</exception>
    public void Reset(int seed, Span<double> observation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Check.Length(ObservationSpace.Size, observation.Length, nameof(observation));
        _isRunning = false;
        _simulation.Reset(_keyframe);
        DrawStart(new RandomSource(seed), _simulation.Positions, _simulation.Velocities);
        Begin(observation);
    }

    /// <summary>Starts an episode from a chosen state, everything else as after a reset.</summary>
    /// <param name="positions">The generalized positions to start from, [<see cref="MujocoModel.PositionSize"/>].</param>
    /// <param name="velocities">The generalized velocities to start from, [<see cref="MujocoModel.VelocitySize"/>].</param>
    /// <param name="observation">Receives the first observation, [observation].</param>
    /// <exception cref="ArgumentException">A length is not the model's.</exception>
    /// <exception cref="MujocoException">The state cannot be simulated.</exception>
    public void StartFrom(ReadOnlySpan<double> positions, ReadOnlySpan<double> velocities, Span<double> observation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Check.Length(Model.PositionSize, positions.Length, nameof(positions));
        Check.Length(Model.VelocitySize, velocities.Length, nameof(velocities));
        Check.Length(ObservationSpace.Size, observation.Length, nameof(observation));
        _isRunning = false;
        _simulation.Reset(_keyframe);
        positions.CopyTo(_simulation.Positions);
        velocities.CopyTo(_simulation.Velocities);
        Begin(observation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A length differs from the space's, or an action value is not finite.</exception>
    /// <exception cref="InvalidOperationException">There was no reset yet, or none since a failure.</exception>
    /// <exception cref="MujocoException">The simulation failed, for instance because it became unstable.</exception>
    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_isRunning) throw new InvalidOperationException($"The environment must be reset before its first step and after a failure: call {nameof(Reset)}.");
        Check.Length(ActionSpace.Size, action.Length, nameof(action));
        Check.Length(ObservationSpace.Size, observation.Length, nameof(observation));
        CheckFinite(action);

        _isRunning = false;
        action.CopyTo(_simulation.Controls);
        _simulation.Advance(_frameSkip, NeedsContactForces, RefreshesPlaces);
        _elapsed++;

        var state = new MujocoState(_simulation);
        Observe(state, observation);
        var before = _progress;
        _progress = MeasureProgress(state);
        var (reward, terminated) = Judge(new MujocoStep(state, observation, _progress - before, StepDuration));
        if (Remembers) Remembered = Remember(observation);
        _isRunning = true;
        return new StepResult(reward, terminated, !terminated && _elapsed >= _maxSteps);
    }

    /// <summary>Makes something that draws this environment, without a display.</summary>
    /// <param name="width">Pixels a row, 16 to 4096.</param>
    /// <param name="height">The number of rows of pixels, 16 to 4096.</param>
    /// <returns>To be disposed by the caller, before or after the environment.</returns>
    /// <exception cref="PlatformNotSupportedException">There is no graphics library; the message says what to install.</exception>
    /// <exception cref="MujocoException">MuJoCo cannot draw the model.</exception>
    public MujocoRenderer CreateRenderer(int width, int height)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new MujocoRenderer(this, _camera?.ViewOf(Model) ?? View, width, height);
    }

    /// <summary>The official settings of the task; null for a model of your own, and where MBPO was not run on the task.</summary>
    public MbpoPreset? CreatePreset() => Task is { } task ? MujocoPresets.Find(task.Name, PresetSource.Official) : null;

    /// <summary>Gives back the simulation.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back the simulation; an override calls this one too.</summary>
    /// <param name="disposing">True when <see cref="Dispose()"/> calls; false when a finalizer does, which must not touch managed objects.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _painter?.Dispose();
        _simulation.Dispose();
    }

    /// <summary>Copies what a picture depends on into another simulation of the same model.</summary>
    internal void CopyPose(Span<double> positions, Span<double> mocapPositions, Span<double> mocapOrientations)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _simulation.Positions.CopyTo(positions);
        _simulation.MocapPositions.CopyTo(mocapPositions);
        _simulation.MocapOrientations.CopyTo(mocapOrientations);
    }

    /// <summary>Writes where an episode starts over the model's own start, or the keyframe.</summary>
    private protected abstract void DrawStart(RandomSource random, Span<double> positions, Span<double> velocities);

    /// <summary>Writes the observation of a state.</summary>
    private protected abstract void Observe(MujocoState state, Span<double> observation);

    /// <summary>The coordinate whose change during a step the reward counts; by default none.</summary>
    private protected virtual double MeasureProgress(MujocoState state) => 0;

    /// <summary>What the reward of the next step needs of an observation; asked where <see cref="Remembers"/> is true.</summary>
    private protected virtual double Remember(ReadOnlySpan<double> observation) => 0;

    /// <summary>The reward of a step and whether it ended the task.</summary>
    private protected abstract (double Reward, bool Terminated) Judge(MujocoStep step);

    /// <summary>Adds uniform noise to every number.</summary>
    private protected static void AddUniform(RandomSource random, Span<double> values, double width)
    {
        foreach (ref var value in values) value += random.NextUniform(-width, width);
    }

    private static BoxSpace Actions(NativeModel model)
    {
        if (model.VelocitySize == 0)
            throw new ArgumentException(
                "Nothing in the model moves, because no body has a joint: give the bodies that should move a <joint> or a <freejoint> in its MJCF file.",
                nameof(model));
        if (model.ActionSize == 0)
            throw new ArgumentException(
                "The model has no actuators, so there is nothing to control: give it some in its MJCF file (<actuator>).", nameof(model));
        var ranges = model.ControlRanges.ToArray();
        for (var index = 0; index < model.ActionSize; index++)
        {
            var (low, high) = (ranges[2 * index], ranges[(2 * index) + 1]);
            if (!(low < high))
                throw new ArgumentException(
                    FormattableString.Invariant($"Actuator {index} of {model.ActionSize} has no range: give it ctrllimited=\"true\" and a ctrlrange in the ") +
                        "MJCF file.", nameof(model));
            if (!double.IsFinite(low) || !double.IsFinite(high))
                throw new ArgumentException(
                    FormattableString.Invariant($"Actuator {index} of {model.ActionSize} has the range {low} to {high}, but both ends must be finite: give ") +
                        "it another ctrlrange in the MJCF file.", nameof(model));
        }

        return new BoxSpace([.. Enumerable.Range(0, model.ActionSize).Select(index => ranges[2 * index])],
            [.. Enumerable.Range(0, model.ActionSize).Select(index => ranges[(2 * index) + 1])]);
    }

    private static void CheckFinite(ReadOnlySpan<double> action)
    {
        for (var index = 0; index < action.Length; index++)
            if (!double.IsFinite(action[index]))
                throw new ArgumentException(
                    Invariant($"Dimension {index} of the action is {action[index]}, but must be a finite number. Check what computes the action."),
                    nameof(action));
    }

    private void Begin(Span<double> observation)
    {
        _simulation.Forward();
        var state = new MujocoState(_simulation);
        (_progress, _elapsed) = (MeasureProgress(state), 0);
        Observe(state, observation);
        if (Remembers) Remembered = Remember(observation);
        _isRunning = true;
    }
}
