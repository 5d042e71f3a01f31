using MbpoML.Environments;

namespace MbpoML.Training;

/// <summary>The environments of a run as it uses them: checked, and watched where a step has a time limit. The environments inside stay the caller's.</summary>
internal sealed class RunEnvironments : IDisposable
{
    private readonly List<WatchedEnvironment> _watched = [];

    public RunEnvironments(IEnvironment training, MbpoTrainer.Options options)
    {
        Training = Guard(training, options.StepTimeout);
        if (options.EvaluationEnvironment is { } evaluation) Evaluation = Guard(evaluation, options.StepTimeout);
    }

    /// <summary>Where transitions come from.</summary>
    public CheckedEnvironment Training { get; }

    /// <summary>Where evaluation runs; null: in the training environment.</summary>
    public CheckedEnvironment? Evaluation { get; }

    /// <summary>Ends the threads that watch.</summary>
    public void Dispose()
    {
        foreach (var watched in _watched) watched.Dispose();
    }

    private CheckedEnvironment Guard(IEnvironment environment, TimeSpan? timeout)
    {
        if (timeout is not { } limit) return environment.Guarded();
        _watched.Add(new WatchedEnvironment(environment, limit, ownsInner: false));
        return _watched[^1].Guarded();
    }
}
