using MbpoML.Components;
using MbpoML.Numerics;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Checkpoints;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.Extensions.Logging;

namespace MbpoML.Algorithms.Offline;

/// <summary>A fit from a log, whatever its algorithm: epochs, metrics, progress, checkpoints, cancellation and faults.</summary>
internal sealed partial class OfflineHost : ISaved
{
    private const int UpdatesBetweenReports = 100;

    private readonly OfflineOptions _options;
    private readonly IOfflineAlgorithm _algorithm;
    private readonly RunIdentity _identity;
    private readonly OfflineRun _run;
    private readonly StageClock _clock;
    private readonly RunMeters _meters;
    private readonly RunCheckpoints? _checkpoints;
    private readonly ISaved[] _parts;
    private readonly ILogger _logger;
    private readonly List<EpochMetrics> _history = [];
    private Dictionary<string, double> _current = [];
    private TrainingPhase? _phase;
    private int? _checkpointStep;
    private bool _isBegun;

    /// <param name="context">Where log lines go.</param>
    /// <param name="options">Length, receivers, checkpoints.</param>
    /// <param name="algorithm">Learns; stays the caller's.</param>
    /// <param name="identity">Seed and settings.</param>
    /// <param name="resumed">The checkpoint that the fit goes on from; null for a new one.</param>
    public OfflineHost(ComponentContext context, OfflineOptions options, IOfflineAlgorithm algorithm, RunIdentity identity, CheckpointReader? resumed)
    {
        (_options, _algorithm, _identity) = (options, algorithm, identity);
        _logger = context.CreateLogger("MbpoML.Offline");
        (_clock, _meters) = (new StageClock(options.Clock), new RunMeters(algorithm.Name, identity.Seed, isFromLog: true));
        _run = new OfflineRun(options.Updates, _clock, _meters, Enter, Add, options.CancellationToken);
        _parts = [this, algorithm];
        if (resumed is not null)
        {
            _parts.Restore(resumed);
            _parts.Restored(resumed);
            foreach (var writer in options.MetricsWriters) writer.Resume(_history);
            LogResumed(_logger, resumed.FilePath, _run.Done);
        }

        if (options.Checkpoints is { } checkpoints)
            _checkpoints = new RunCheckpoints(checkpoints, SaveAll, _run.Done, options.Clock, _meters, _logger);
    }

    public string Name => "fit";

    private bool IsOver => _run.Done >= _options.Updates || _algorithm.IsDone;

    /// <summary>Fits to the end.</summary>
    public TrainingReport Run()
    {
        using var activity = _meters.Begin("run");
        try
        {
            Begin();
            while (!IsOver) Step();
            Enter(TrainingPhase.Finished);
            var report = Report();
            _checkpoints?.Write(_run.Done);
            return report;
        }
        catch (OperationCanceledException exception) when (_options.CancellationToken.IsCancellationRequested)
        {
            throw new TrainingCanceledException(_run.Done, TryReport(), TryWriteCheckpoint(), exception, _options.CancellationToken);
        }
        catch (Exception exception)
        {
            throw new TrainingFailedException(_run.Done, TryReport(), null, exception);
        }
    }

    public void Save(IStateWriter to)
    {
        to.Add("counters", _run.Done, _isBegun ? 1 : 0);
        _clock.Save(to.Under("clock"));
        // The open epoch comes last.
        EpochHistory.Save(to.Under("history"), [.. _history, new EpochMetrics(-1, _run.Done, _current)]);
    }

    public void Restore(IStateReader from)
    {
        var counters = from.Integers("counters");
        if (counters is not [>= 0 and var done, 0 or 1] || done > _options.Updates)
            throw from.Damaged($"its counters [{Listed.Of(counters)}] make no sense");
        var epochs = EpochHistory.Read(from.Under("history"));
        if (epochs is not [.., { Epoch: -1 } open]) throw from.Damaged("it has no open epoch");
        _clock.Restore(from.Under("clock"));
        (_run.Done, _isBegun) = ((int)done, counters[1] == 1);
        _history.Clear();
        _history.AddRange(epochs[..^1]);
        _current = new Dictionary<string, double>(open.Values);
        _meters.Begin(_history.Count > 0 ? _history[^1] : null);
    }

    private void Begin()
    {
        if (_isBegun) return;
        _options.CancellationToken.ThrowIfCancellationRequested();
        _algorithm.Begin(_run);
        _isBegun = true;
        if (_checkpoints is null) return;
        // What took long is not done twice.
        _checkpoints.Write(_run.Done);
        _checkpointStep = _run.Done;
    }

    private void Step()
    {
        _options.CancellationToken.ThrowIfCancellationRequested();
        Enter(TrainingPhase.OptimizingPolicy);
        _clock.Measure(MetricNames.PolicySeconds, () => _algorithm.Update(_run));
        _run.Done++;
        if (_run.Done % _options.EpochLength == 0 || IsOver) Close();
        else if (_run.Done % UpdatesBetweenReports == 0) Tell(null);
        if (_checkpoints?.WriteIfDue(_run.Done) != true) return;
        _checkpointStep = _run.Done;
        Tell(null);
    }

    private void Close()
    {
        _algorithm.ThrowIfDiverged();
        Add(_algorithm.TakeMetrics());
        _current[MetricNames.TrainingUpdates] = _run.Done;
        _clock.WriteTo(_current);
        var metrics = new EpochMetrics(_history.Count, _run.Done, _current);
        _current = [];
        _history.Add(metrics);
        _meters.Tell(metrics);
        foreach (var writer in _options.MetricsWriters)
        {
            writer.Write(metrics.Step, metrics.Values);
            writer.Flush();
        }

        Tell(metrics);
    }

    private void Add(IReadOnlyDictionary<string, double> metrics)
    {
        foreach (var (name, value) in metrics) _current[name] = value;
    }

    private void Enter(TrainingPhase phase)
    {
        if (phase == _phase) return;
        _phase = phase;
        Tell(null);
    }

    private void Tell(EpochMetrics? metrics) => _options.Progress?.Report(new TrainingProgress
    {
        Phase = _phase ?? TrainingPhase.OptimizingPolicy,
        Step = _run.Done,
        Steps = _options.Updates,
        Epoch = _run.Done / _options.EpochLength,
        Elapsed = _clock.Elapsed,
        CheckpointStep = _checkpointStep,
        EpochMetrics = metrics,
    });

    private TrainingReport Report() => new(_algorithm.ToTransformer(), [.. _history], _run.Done, _clock.Elapsed);

    // What ended the fit must not be hidden by a learner that cannot give its policy any more, or by a disk that is full.
    private TrainingReport? TryReport()
    {
        try
        {
            return Report();
        }
        catch (Exception exception)
        {
            LogNoReport(_logger, exception.Message);
            return null;
        }
    }

    private CheckpointException? TryWriteCheckpoint()
    {
        try
        {
            _checkpoints?.Write(_run.Done);
            return null;
        }
        catch (CheckpointException exception)
        {
            return exception;
        }
    }

    private void SaveAll(CheckpointWriter writer)
    {
        writer.Add("run/settings", _identity.Settings);
        writer.Add("run/seed", _identity.Seed);
        _parts.Save(writer);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Resumed from '{File}' after {Updates} updates.")]
    private static partial void LogResumed(ILogger logger, string file, int updates);

    [LoggerMessage(Level = LogLevel.Error, Message = "The learner gives no policy: {Reason}")]
    private static partial void LogNoReport(ILogger logger, string reason);
}
