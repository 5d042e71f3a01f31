using MbpoML.Catalog;

namespace MbpoML.Mujoco;

/// <summary>The MuJoCo tasks as <c>mlContext.Reinforcement().Environments.Hopper()</c>. The caller disposes what they make.</summary>
public static class MujocoEnvironmentExtensions
{
    /// <summary>A task by its name, such as "Hopper": one of <see cref="MujocoTasks.All"/>.</summary>
    /// <param name="catalog">The catalog of environments, <c>rl.Environments</c>.</param>
    /// <param name="task">The name of a task in <see cref="MujocoTasks.All"/>, in upper or lower case.</param>
    /// <returns>A new environment of the task; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">There is none of that name; the message lists those there are.</exception>
    /// <exception cref="PlatformNotSupportedException">MuJoCo is not installed or cannot be used; the message says what to install.</exception>
    public static MujocoEnvironment Mujoco(this EnvironmentCatalog catalog, string task) => Create(catalog, MujocoTasks.Named(task));

    /// <summary>A task of your own on the model in an MJCF file, which goes with it.</summary>
    /// <param name="catalog">The catalog of environments, <c>rl.Environments</c>.</param>
    /// <param name="path">The path of an MJCF file. <see cref="MujocoModel.FromFile"/> also lets several environments share a model.</param>
    /// <param name="options">Reward, termination and what else makes the task.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">An option is missing or cannot be used, or the model has no joints, no actuators, one without a range, or not the
    /// keyframe.</exception>
    /// <exception cref="MujocoException">It is no model that MuJoCo accepts; the message says where and why.</exception>
    /// <exception cref="PlatformNotSupportedException">MuJoCo is not installed or cannot be used; the message says what to install.</exception>
    public static CustomMujocoEnvironment MujocoFile(this EnvironmentCatalog catalog, string path, CustomMujocoEnvironment.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return CustomMujocoEnvironment.FromFile(path, options);
    }

    /// <summary><inheritdoc cref="MujocoTasks.InvertedPendulum" path="/summary"/></summary>
    /// <param name="catalog">The catalog of environments, <c>rl.Environments</c>.</param>
    /// <returns>A new environment of the task; the caller disposes it.</returns>
    public static MujocoEnvironment InvertedPendulum(this EnvironmentCatalog catalog) => Create(catalog, MujocoTasks.InvertedPendulum);

    /// <summary><inheritdoc cref="MujocoTasks.InvertedDoublePendulum" path="/summary"/></summary>
    /// <param name="catalog">The catalog of environments, <c>rl.Environments</c>.</param>
    /// <returns>A new environment of the task; the caller disposes it.</returns>
    public static MujocoEnvironment InvertedDoublePendulum(this EnvironmentCatalog catalog) => Create(catalog, MujocoTasks.InvertedDoublePendulum);

    /// <summary><inheritdoc cref="MujocoTasks.Hopper" path="/summary"/></summary>
    /// <param name="catalog">The catalog of environments, <c>rl.Environments</c>.</param>
    /// <returns>A new environment of the task; the caller disposes it.</returns>
    public static MujocoEnvironment Hopper(this EnvironmentCatalog catalog) => Create(catalog, MujocoTasks.Hopper);

    /// <summary><inheritdoc cref="MujocoTasks.Walker2d" path="/summary"/></summary>
    /// <param name="catalog">The catalog of environments, <c>rl.Environments</c>.</param>
    /// <returns>A new environment of the task; the caller disposes it.</returns>
    public static MujocoEnvironment Walker2d(this EnvironmentCatalog catalog) => Create(catalog, MujocoTasks.Walker2d);

    /// <summary><inheritdoc cref="MujocoTasks.HalfCheetah" path="/summary"/></summary>
    /// <param name="catalog">The catalog of environments, <c>rl.Environments</c>.</param>
    /// <returns>A new environment of the task; the caller disposes it.</returns>
    public static MujocoEnvironment HalfCheetah(this EnvironmentCatalog catalog) => Create(catalog, MujocoTasks.HalfCheetah);

    /// <summary><inheritdoc cref="MujocoTasks.Ant" path="/summary"/></summary>
    /// <param name="catalog">The catalog of environments, <c>rl.Environments</c>.</param>
    /// <returns>A new environment of the task; the caller disposes it.</returns>
    public static MujocoEnvironment Ant(this EnvironmentCatalog catalog) => Create(catalog, MujocoTasks.Ant);

    /// <summary><inheritdoc cref="MujocoTasks.Humanoid" path="/summary"/></summary>
    /// <param name="catalog">The catalog of environments, <c>rl.Environments</c>.</param>
    /// <returns>A new environment of the task; the caller disposes it.</returns>
    public static MujocoEnvironment Humanoid(this EnvironmentCatalog catalog) => Create(catalog, MujocoTasks.Humanoid);

    /// <summary><inheritdoc cref="MujocoTasks.MbrlCartPole" path="/summary"/></summary>
    /// <param name="catalog">The catalog of environments, <c>rl.Environments</c>.</param>
    /// <returns>A new environment of the task; the caller disposes it.</returns>
    public static MujocoEnvironment MbrlCartPole(this EnvironmentCatalog catalog) => Create(catalog, MujocoTasks.MbrlCartPole);

    /// <summary><inheritdoc cref="MujocoTasks.MbrlHalfCheetah" path="/summary"/></summary>
    /// <param name="catalog">The catalog of environments, <c>rl.Environments</c>.</param>
    /// <returns>A new environment of the task; the caller disposes it.</returns>
    public static MujocoEnvironment MbrlHalfCheetah(this EnvironmentCatalog catalog) => Create(catalog, MujocoTasks.MbrlHalfCheetah);

    /// <summary><inheritdoc cref="MujocoTasks.MbrlSwimmer" path="/summary"/></summary>
    /// <param name="catalog">The catalog of environments, <c>rl.Environments</c>.</param>
    /// <returns>A new environment of the task; the caller disposes it.</returns>
    public static MujocoEnvironment MbrlSwimmer(this EnvironmentCatalog catalog) => Create(catalog, MujocoTasks.MbrlSwimmer);

    /// <summary><inheritdoc cref="MujocoTasks.MbblHalfCheetah" path="/summary"/></summary>
    /// <param name="catalog">The catalog of environments, <c>rl.Environments</c>.</param>
    /// <returns>A new environment of the task; the caller disposes it.</returns>
    public static MujocoEnvironment MbblHalfCheetah(this EnvironmentCatalog catalog) => Create(catalog, MujocoTasks.MbblHalfCheetah);

    /// <summary><inheritdoc cref="MujocoTasks.DmcCartPoleSwingUp" path="/summary"/></summary>
    /// <param name="catalog">The catalog of environments, <c>rl.Environments</c>.</param>
    /// <returns>A new environment of the task; the caller disposes it.</returns>
    public static MujocoEnvironment DmcCartPoleSwingUp(this EnvironmentCatalog catalog) => Create(catalog, MujocoTasks.DmcCartPoleSwingUp);

    private static MujocoEnvironment Create(EnvironmentCatalog catalog, MujocoTask task)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return task.Create();
    }
}
