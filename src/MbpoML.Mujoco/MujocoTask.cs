using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments.Functions;
using MbpoML.Mujoco.Native;
using MbpoML.Training;

namespace MbpoML.Mujoco;

/// <summary>One of the tasks on which algorithms are measured: its environment, its functions and its settings.</summary>
/// <remarks>
/// Those of gym have the physics and rewards of its v2 tasks, Ant and Humanoid with MBPO's truncated observations and rewards. Episodes are truncated after
/// <see cref="MujocoEnvironment.MaxSteps"/> steps. The models are the project's own MJCF files, whose compiled constants equal the originals'.
/// </remarks>
public sealed class MujocoTask
{
    private readonly Lazy<MujocoModel> _model;
    private readonly Func<MujocoTask, MujocoModel, MujocoEnvironment> _create;

    internal MujocoTask(string name, int observationSize, int actionSize, Func<MujocoTask, MujocoModel, MujocoEnvironment> create, string? model = null)
    {
        (Name, ObservationSize, ActionSize, ModelName, _create) = (name, observationSize, actionSize, model ?? name, create);
        // A library that is missing now may be there at the next try.
        _model = new Lazy<MujocoModel>(
            () => MujocoModel.FromText(TaskModel.Text(ModelName, MujocoRuntime.Library.AddsMargins)), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The name of the task, such as "Hopper".</summary>
    public string Name { get; }

    /// <summary>Dimensions of an observation.</summary>
    public int ObservationSize { get; }

    /// <summary>Dimensions of an action.</summary>
    public int ActionSize { get; }

    /// <summary>The name of its MJCF file; tasks may share one.</summary>
    internal string ModelName { get; }

    /// <summary>Tells which imagined transitions end the task; null where nothing does.</summary>
    public ITerminationFunction? Termination { get; internal init; }

    /// <summary>
    /// The reward as a function of observations and actions where these determine it, else null. The environments of PETS say it themselves. The others leave
    /// it to the model, as in MBPO's paper: to give it instead, set <see cref="TrainingOptions.Reward"/>.
    /// </summary>
    public IRewardFunction? KnownReward { get; internal init; }

    /// <summary>Makes an environment of the task. All of one process share the compiled model.</summary>
    /// <exception cref="PlatformNotSupportedException">MuJoCo is not installed or cannot be used; the message says what to install.</exception>
    public MujocoEnvironment Create() => _create(this, _model.Value);

    /// <summary>The settings that MBPO was run with on this task, or where it was not, those that are chosen by its size.</summary>
    /// <param name="source">Where they come from; docs/mujoco-settings.md tells where the two differ.</param>
    /// <returns>A new object, which may be changed freely.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such source.</exception>
    /// <exception cref="PlatformNotSupportedException">The settings follow from the environment, and MuJoCo is not installed or cannot be used.</exception>
    public MbpoPreset CreatePreset(PresetSource source = PresetSource.Official)
    {
        if (MujocoPresets.Find(Name, source) is { } published) return published;
        using var environment = Create();
        return MbpoPresets.Choose(environment);
    }

    /// <summary>The task's name.</summary>
    public override string ToString() => Name;
}
