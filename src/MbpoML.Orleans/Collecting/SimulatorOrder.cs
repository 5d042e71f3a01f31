using MbpoML.Environments;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Orleans.Collecting;

/// <summary>How a collector makes a simulator: the name of a task of its catalog, or the assembly of somebody's environment.</summary>
/// <param name="Task">The name of the task in the catalog.</param>
/// <param name="Environment">Assembly and type; null for a task of the catalog.</param>
/// <param name="TimeLimit">The steps after which its episodes are truncated; null for none.</param>
[GenerateSerializer]
internal sealed record SimulatorOrder([property: Id(0)] string Task, [property: Id(1)] string? Environment, [property: Id(2)] int? TimeLimit)
{
    /// <summary>The order for the environment of a task.</summary>
    public static SimulatorOrder Of(TrainingTask task) => new(task.Name, task.Environment, task.TimeLimit);

    /// <summary>Makes the environment.</summary>
    /// <param name="tasks">The tasks that the collector knows.</param>
    /// <exception cref="Experiments.RunSpecException">There is no such task or environment here.</exception>
    public IEnvironment Make(TaskCatalog tasks) =>
        (Environment is null ? tasks.Named(Task) : TaskCatalog.Load(Environment, Task, TimeLimit)).Create();
}
