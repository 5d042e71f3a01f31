using MbpoML.Evaluation;
using MbpoML.Saving;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using MbpoML.Training.Watches;
using Microsoft.Extensions.Logging;

namespace MbpoML.Training;

/// <summary>Gathers what an epoch measured and tells it to whoever listens: writers, progress, log.</summary>
internal sealed partial class EpochRecorder(
    HostSettings settings, RunCounters counters, Interaction interaction, TrainingEvaluator evaluator, ReturnWatch watch, IAlgorithm algorithm,
    RunMeters meters, ILogger logger) : ISaved
{
    private const int StepsBetweenReports = 10;
    private readonly List<EpochMetrics> _history = [];
    private Dictionary<string, double> _current = [];
    private TrainingPhase? _phase;
    private int? _evaluationDue;
    private double? _lastEvaluation;
    private int? _checkpointStep;

    /// <summary>Tells of the run by <see cref="RunTelemetry"/>.</summary>
    public RunMeters Meters => meters;

    public StageClock Clock { get; } = new(settings.Clock);

    /// <summary>Says what the run does now.</summary>
    public void Enter(TrainingPhase phase, int epoch)
    {
        if (phase == _phase) return;
        _phase = phase;
        Tell(epoch, null);
    }

    /// <summary>A checkpoint was written.</summary>
    public void Saved(int epoch)
    {
        _checkpointStep = counters.Step;
        Tell(epoch, null);
    }

    /// <summary>Adds metrics of a stage; later values replace earlier ones of the same epoch.</summary>
    public void Add(IReadOnlyDictionary<string, double> metrics)
    {
        foreach (var (name, value) in metrics) _current[name] = value;
    }

    /// <summary>Whether the end of this step will evaluate, perhaps in the training environment: then no step may be under way.</summary>
    public bool WillEvaluate(bool epochEnds) => settings.EvaluationEpisodes > 0 && (epochEnds || _evaluationDue is not null) && evaluator.IsPossible;

    /// <summary>An epoch is over: it is evaluated now, or as soon as that cuts no episode.</summary>
    public void EpochEnded(int epoch)
    {
        // A resumed run ends the step again in which a cancellation by a listener had stopped it.
        if (_history.Count > 0 && _history[^1].Epoch == epoch) return;
        // The same epoch is still due where a cancellation had stopped its evaluation.
        if (_evaluationDue is { } waiting && waiting != epoch) Close(waiting, evaluate: false);
        _evaluationDue = epoch;
    }

    public void StepEnded(int epoch)
    {
        if (_evaluationDue is { } due && (settings.EvaluationEpisodes == 0 || evaluator.IsPossible)) Close(due, settings.EvaluationEpisodes > 0);
        else if (counters.Step % StepsBetweenReports == 0) Tell(epoch, null);
    }

    /// <summary>Closes what is open, the last epoch even when it is shorter than the others.</summary>
    public TrainingReport Finish(int epoch)
    {
        // The run is over, so an unfinished training episode no longer matters.
        if (_evaluationDue is { } due) Close(due, settings.EvaluationEpisodes > 0);
        else if (_history.Count == 0 || _history[^1].Step < counters.Step) Close(epoch, settings.EvaluationEpisodes > 0);
        Enter(TrainingPhase.Finished, epoch);
        return Report();
    }

    public TrainingReport Report() => new(algorithm.ToTransformer(), [.. _history], counters.Step, Clock.Elapsed);

    private void Close(int epoch, bool evaluate)
    {
        if (evaluate)
        {
            Enter(TrainingPhase.Evaluating, epoch);
            using var activity = meters.Begin("evaluate");
            Clock.Measure(MetricNames.EvaluationSeconds, () => Evaluate(epoch));
        }

        _evaluationDue = null;
        if (interaction.TakeMeanReturn() is { } training) _current[MetricNames.TrainingReturnMean] = training;
        _current[MetricNames.TrainingEpisodes] = interaction.Episodes;
        _current[MetricNames.TrainingFailedEpisodes] = interaction.Failures.Count;
        _current[MetricNames.TrainingUpdates] = counters.Updates;
        if (interaction.CutEpisodes > 0) _current[MetricNames.TrainingCutEpisodes] = interaction.CutEpisodes;
        Add(algorithm.TakeMetrics());
        Clock.WriteTo(_current);

        var metrics = new EpochMetrics(epoch, counters.Step, _current);
        _current = [];
        _history.Add(metrics);
        meters.Tell(metrics);
        foreach (var writer in settings.MetricsWriters)
        {
            writer.Write(metrics.Step, metrics.Values);
            writer.Flush();
        }

        LogEpoch(logger, epoch, metrics.Step, metrics.EvaluationReturn, interaction.LastReturn, Clock.Elapsed);
        Tell(epoch, metrics);
    }

    private void Evaluate(int epoch)
    {
        if (evaluator.Evaluate(algorithm.Policy, epoch) is not { } evaluation) return;
        Add(evaluation);
        Add(watch.Measure(evaluation, epoch, _history));
    }

    private void Add(PolicyMetrics evaluation)
    {
        _lastEvaluation = evaluation.MeanReturn;
        _current[MetricNames.EvaluationReturnMean] = evaluation.MeanReturn;
        _current[MetricNames.EvaluationReturnStandardDeviation] = evaluation.ReturnStandardDeviation;
        _current[MetricNames.EvaluationReturnMinimum] = evaluation.MinimumReturn;
        _current[MetricNames.EvaluationReturnMaximum] = evaluation.MaximumReturn;
        _current[MetricNames.EvaluationLengthMean] = evaluation.MeanLength;
    }

    private void Tell(int epoch, EpochMetrics? metrics) => settings.Progress?.Report(new TrainingProgress
    {
        Phase = _phase ?? TrainingPhase.Exploring,
        Step = counters.Step,
        Steps = settings.Steps,
        Epoch = epoch,
        Elapsed = Clock.Elapsed,
        EpisodeReturn = interaction.LastReturn,
        EvaluationReturn = _lastEvaluation,
        CheckpointStep = _checkpointStep,
        EpochMetrics = metrics,
    });

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Epoch {Epoch}, step {Step}: evaluation return {EvaluationReturn}, last training return {TrainingReturn}, {Elapsed}")]
    private static partial void LogEpoch(ILogger logger, int epoch, int step, double? evaluationReturn, double? trainingReturn, TimeSpan elapsed);
}
