using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics.Torch;

namespace MbpoML.Training;

/// <summary>
/// The environments of a run as it uses them: checked, and on a thread of their own where a step has a time limit or goes on beside the updates. Each is called
/// by one thread, whatever the settings. The environments inside stay the caller's.
/// </summary>
internal sealed class RunEnvironments : IDisposable
{
    private readonly List<WatchedEnvironment> _watched = [];
    private readonly int _torchThreads;

    public RunEnvironments(IEnvironment training, HostSettings settings)
    {
        _torchThreads = settings.TorchThreads;
        Training = Guard(training, settings.StepTimeout, settings.HasEnvironmentThread);
        AllTraining = [Training, .. settings.MoreEnvironments.Select(more => Guard(more, settings.StepTimeout, settings.HasEnvironmentThread))];
        // The same object twice is one environment, with one thread and one episode.
        if (settings.EvaluationEnvironment is { } evaluation && !ReferenceEquals(evaluation, training))
            Evaluation = Guard(evaluation, settings.StepTimeout, settings.StepTimeout is not null);
    }

    /// <summary>Where transitions come from; the first environment where there are several.</summary>
    public CheckedEnvironment Training { get; }

    /// <summary>All environments where transitions come from.</summary>
    public IReadOnlyList<CheckedEnvironment> AllTraining { get; }

    /// <summary>Where evaluation runs; null: in the training environment.</summary>
    public CheckedEnvironment? Evaluation { get; }

    /// <summary>Ends the environments' threads.</summary>
    public void Dispose()
    {
        foreach (var watched in _watched) watched.Dispose();
    }

    private CheckedEnvironment Guard(IEnvironment environment, TimeSpan? timeout, bool ownThread)
    {
        if (environment is WatchedEnvironment { IsMadeForRun: true } made) return Prepared(made).Guarded();
        if (!ownThread) return environment.Guarded();
        _watched.Add(new WatchedEnvironment(environment, timeout, ownsInner: false));
        return Prepared(_watched[^1]).Guarded();
    }

    // What the environment itself computes with torch has the threads of the run.
    private WatchedEnvironment Prepared(WatchedEnvironment environment)
    {
        environment.Prepare(() => TorchThreads.Set(_torchThreads));
        return environment;
    }
}
