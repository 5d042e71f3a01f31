using MbpoML.Environments;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Execution;

/// <summary>The environments of one run, which are disposed together.</summary>
internal sealed class RunEnvironmentSet : IDisposable
{
    private readonly List<IEnvironment> _all = [];

    /// <param name="task">The task.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="create">Makes one.</param>
    public RunEnvironmentSet(TrainingTask task, int count, Func<TrainingTask, IEnvironment> create)
    {
        try
        {
            for (var number = 0; number < count; number++) _all.Add(create(task));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<IEnvironment> All => _all;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var environment in _all) environment.Dispose();
    }
}
