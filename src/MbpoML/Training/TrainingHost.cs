using MbpoML.Components;
using MbpoML.Data.Replay;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Saving;
using MbpoML.Training.Checkpoints;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using MbpoML.Training.Watches;
using Microsoft.Extensions.Logging;

namespace MbpoML.Training;

/// <summary>
/// A run, whatever its algorithm: exploration, epochs, evaluation, metrics, progress, checkpoints, cancellation and faults, once for all of them.
/// </summary>
internal sealed partial class TrainingHost : IDisposable
{
    private readonly HostSettings _settings;
    private readonly IAlgorithm _algorithm;
    private readonly RunCounters _counters;
    private readonly RunIdentity _identity;
    private readonly StepCursor _cursor = new();
    private readonly RunEnvironments _environments;
    private readonly Interaction _interaction;
    private readonly DataWatch _watch;
    private readonly EpochRecorder _recorder;
    private readonly RunContext _run;
    private readonly RunForecast? _forecast;
    private readonly RunCheckpoints? _checkpoints;
    private readonly ISaved[] _parts;
    private readonly ILogger _logger;

    /// <param name="context">Where log lines go.</param>
    /// <param name="environment">The task.</param>
    /// <param name="settings">What the run needs to know whatever its algorithm.</param>
    /// <param name="algorithm">Learns; stays the caller's.</param>
    /// <param name="transitions">The real data, which may hold logged transitions; stays the caller's.</param>
    /// <param name="counters">The counters: of a new run those of its beginning; of a resumed one they are restored here.</param>
    /// <param name="identity">Seed and settings.</param>
    /// <param name="resumed">The checkpoint that the run goes on from; null for a new run.</param>
    /// <param name="advice">What would shorten the run; null: how long it will take is not said.</param>
    public TrainingHost(
        ComponentContext context, IEnvironment environment, HostSettings settings, IAlgorithm algorithm, ReplayPool transitions, RunCounters counters,
        RunIdentity identity,
        CheckpointReader? resumed = null, IRunAdvice? advice = null)
    {
        (_settings, _algorithm, _counters, _identity) = (settings, algorithm, counters, identity);
        _logger = context.CreateLogger("MbpoML.Training");
        _environments = new RunEnvironments(environment, settings);
        _interaction = new Interaction(
            _environments.AllTraining, transitions, algorithm.Policy, settings, counters, identity.Seed, new EpisodeFailures(settings, _logger),
            algorithm.Episodes);
        _watch = new DataWatch(environment, settings, counters, transitions, algorithm, _logger);
        _interaction.Watch = _watch;
        if (settings.Termination is null && algorithm.NeedsTermination) _interaction.FirstTermination = () => LogUnknownTermination(_logger);
        _recorder = new EpochRecorder(
            settings, counters, _interaction, new TrainingEvaluator(_environments, settings, _interaction, identity.Seed),
            new ReturnWatch(environment, settings, algorithm, transitions, identity.Seed, _logger), algorithm,
            new RunMeters(algorithm.Name, identity.Seed), _logger);
        _run = new RunContext(settings, counters, _cursor, transitions, _interaction, _recorder, _watch, algorithm,
            new EpisodeStarts(_environments, _interaction));
        _parts = [counters, _cursor, PartOf(transitions), _interaction, _recorder, _watch, algorithm];
        if (resumed is not null) RestoreOrDispose(resumed);
        if (advice is not null) _forecast = new RunForecast(settings, counters, _recorder.Clock, advice, _logger);
        if (settings.Checkpoints is { } checkpoints) _checkpoints = new RunCheckpoints(
            checkpoints, Save, counters.Step, settings.Clock, _recorder.Meters, _logger);
    }

    /// <summary>The real data as a part of a run.</summary>
    public static ISaved PartOf(ReplayPool transitions) =>
        new SavedPart("transitions", transitions.Save, from => transitions.Restore(from, keepsCapacity: true));

    /// <summary>Runs to the end.</summary>
    /// <exception cref="TrainingCanceledException">The run was cancelled.</exception>
    /// <exception cref="TrainingFailedException">The run failed.</exception>
    public TrainingReport Run()
    {
        using var activity = _recorder.Meters.Begin("run");
        try
        {
            _watch.BeginRun();
            while (_counters.Step < _counters.FirstPolicyStep) Explore();
            while (_counters.Step < _settings.Steps || _cursor.IsBegun) Learn();
            _watch.Look();
            SaveEnd();
            return _recorder.Finish(_run.Epoch);
        }
        catch (Exception stopped) when (_settings.CancellationToken.Caused(stopped))
        {
            throw new TrainingCanceledException(_counters.Step, TryReport(), TryWriteCheckpoint(), stopped, _settings.CancellationToken);
        }
        catch (Exception fault)
        {
            // Where the environment failed, a run can go on. Learning that failed has spoiled the weights, and anything else may have stopped a step half-way:
            // there the checkpoint before it is the one to go back to.
            throw new TrainingFailedException(_counters.Step, TryReport(), fault is EnvironmentException ? TryWriteCheckpoint() : null, fault);
        }
    }

    /// <summary>Takes back what the metrics writers of a resumed run were told after its checkpoint.</summary>
    public void ResumeWriters() => _recorder.ResumeWriters();

    /// <summary>Ends what is under way beside the run.</summary>
    public void Dispose()
    {
        _interaction.Dispose();
        _environments.Dispose();
    }

    private void SaveEnd()
    {
        if (_checkpoints is null) return;
        _checkpoints.Write(_counters.Step);
        _recorder.Saved(_run.Epoch);
    }

    private void Explore()
    {
        _recorder.Enter(TrainingPhase.Exploring, _run.Epoch);
        _settings.CancellationToken.ThrowIfCancellationRequested();
        _recorder.Clock.Measure(MetricNames.EnvironmentSeconds, _interaction.StepRandomly);
        _counters.Step++;
        _watch.StepEnded();
        _forecast?.StepEnded();
        if (_checkpoints?.WriteIfDue(_counters.Step) == true) _recorder.Saved(_run.Epoch);
    }

    private void Learn()
    {
        _cursor.Begin();
        _algorithm.Step(_run);
        _settings.CancellationToken.ThrowIfCancellationRequested();
        if (_run.EpochEnds) _recorder.EpochEnded(_run.Epoch - 1);
        _recorder.StepEnded(_run.Epoch);
        _forecast?.StepEnded();
        _cursor.End();
        if (_counters.Step < _settings.Steps && _checkpoints?.WriteIfDue(_counters.Step) == true) _recorder.Saved(_run.Epoch);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The environment terminated an episode, but what is imagined never terminates: no termination function is known, so the policy learns that " +
            "the task goes on there. " +
            "Give IEnvironment.Termination or the trainer's option Termination.")]
    private static partial void LogUnknownTermination(ILogger logger);
}
