using MbpoML.Data.Replay;
using MbpoML.Numerics;
using MbpoML.Training.Metrics;
using MbpoML.Training.Watches;
using static TorchSharp.torch;

namespace MbpoML.Training;

/// <summary>A run as its algorithm sees it: the real data, the environment, the clock and the metrics.</summary>
public sealed class RunContext
{
    private readonly HostSettings _settings;
    private readonly RunCounters _counters;
    private readonly StepCursor _cursor;
    private readonly Interaction _interaction;
    private readonly EpochRecorder _recorder;
    private readonly DataWatch _watch;
    private readonly IAlgorithm _algorithm;
    private readonly EpisodeStarts _starts;

    internal RunContext(
        HostSettings settings, RunCounters counters, StepCursor cursor, ReplayPool transitions, Interaction interaction, EpochRecorder recorder,
        DataWatch watch, IAlgorithm algorithm, EpisodeStarts starts)
    {
        (_settings, _counters, _cursor, Transitions) = (settings, counters, cursor, transitions);
        (_interaction, _recorder, _watch, _algorithm, _starts) = (interaction, recorder, watch, algorithm, starts);
    }

    /// <summary>The real transitions so far, logged ones included: D_env.</summary>
    public ReplayPool Transitions { get; }

    /// <summary>Real environment steps so far, random ones included.</summary>
    public int Step => _counters.Step;

    /// <summary>Real environment steps in all.</summary>
    public int Steps => _settings.Steps;

    /// <summary>The epoch that is running, from 0, counted from the end of the random exploration.</summary>
    public int Epoch => Math.Max(0, Step - FirstPolicyStep) / _settings.EpochLength;

    /// <summary>Steps of random exploration that the run began with.</summary>
    public int FirstPolicyStep => _counters.FirstPolicyStep;

    /// <summary>Whether no training episode is under way: the next step begins one.</summary>
    public bool BetweenEpisodes => _interaction.BetweenEpisodes;

    /// <summary>The return of the last training episode that ended; null before the first.</summary>
    public double? LastReturn => _interaction.LastReturn;

    /// <summary>Environments that make transitions at once; their rows stand in turn in <see cref="Transitions"/>.</summary>
    internal int EnvironmentsAtOnce => 1 + _settings.MoreEnvironments.Count;

    /// <summary>Training episodes that have ended.</summary>
    internal long Episodes => _interaction.Episodes;

    /// <summary>Real transitions that were no steps of this run.</summary>
    public long LoggedTransitions => _counters.LoggedTransitions;

    /// <summary>Stops the run. Long work of an algorithm checks it.</summary>
    public CancellationToken CancellationToken => _settings.CancellationToken;

    /// <summary>Whether the step so far closes an epoch.</summary>
    internal bool EpochEnds => (Step - FirstPolicyStep) % _settings.EpochLength == 0;

    /// <summary>A part of a step. One that was done before the run was stopped is passed over.</summary>
    /// <param name="work">Does the part. A step passes always the same parts in the same order.</param>
    public void Part(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _cursor.Part(work);
    }

    /// <summary>Work of a stage, whose phase is reported and whose time is measured.</summary>
    /// <param name="phase">The stage that the run is in while the work is done.</param>
    /// <param name="secondsMetric">The metric that the time is added to, such as <see cref="MetricNames.ModelSeconds"/>.</param>
    /// <param name="work">The work whose time is measured; it runs at once, on this thread.</param>
    public void Measure(TrainingPhase phase, string secondsMetric, Action work)
    {
        ArgumentException.ThrowIfNullOrEmpty(secondsMetric);
        ArgumentNullException.ThrowIfNull(work);
        // While the scales are those of the fit before.
        if (phase == TrainingPhase.FittingModel) _watch.Look();
        _recorder.Enter(phase, Epoch);
        using var activity = _recorder.Meters.Begin(phase);
        _recorder.Clock.Measure(secondsMetric, work);
    }

    /// <summary>Adds metrics to those of the epoch; later values replace earlier ones of the same name.</summary>
    /// <param name="metrics">The values by the names of their metrics.</param>
    public void Report(IReadOnlyDictionary<string, double> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        _recorder.Add(metrics);
    }

    /// <summary>
    /// One step in the environment with an action drawn from the algorithm's policy; its transition is added to <see cref="Transitions"/>. Each step of an
    /// algorithm acts once.
    /// </summary>
    public void Act()
    {
        _cursor.Part(() => Measure(TrainingPhase.OptimizingPolicy, MetricNames.EnvironmentSeconds, () =>
        {
            _interaction.StepWithPolicy();
            _counters.Step++;
            _watch.StepEnded();
        }));
        // Overlapped, the environment goes on with its next step during the updates that follow this one.
        if (_settings.OverlapsEnvironment) _cursor.Part(() => _recorder.Clock.Measure(MetricNames.EnvironmentSeconds, BeginNextStep));
    }

    /// <summary>The updates of a step, after which the learner is checked.</summary>
    /// <param name="count">The number of updates, 0 or more.</param>
    /// <param name="update">Makes one; receives the number of updates that are left, this one included.</param>
    /// <exception cref="LearningException">Learning has diverged.</exception>
    public void Update(int count, Action<int> update)
    {
        ArgumentNullException.ThrowIfNull(update);
        _recorder.Clock.Measure(MetricNames.PolicySeconds, () => _cursor.Repeat(count, left =>
        {
            CancellationToken.ThrowIfCancellationRequested();
            update(left);
            _counters.Updates++;
        }, CheckLearning));
    }

    /// <summary>
    /// Updates of a step whose number only the algorithm knows. Its own state, which it saves, says where it is: a run that was stopped among them goes on with
    /// the next one.
    /// </summary>
    /// <param name="goesOn">Whether there is another update to be made.</param>
    /// <param name="update">Makes one; afterwards the learner is checked.</param>
    /// <exception cref="LearningException">Learning has diverged.</exception>
    public void UpdateWhile(Func<bool> goesOn, Action update)
    {
        ArgumentNullException.ThrowIfNull(goesOn);
        ArgumentNullException.ThrowIfNull(update);
        _cursor.Part(() => Measure(TrainingPhase.OptimizingPolicy, MetricNames.PolicySeconds, () =>
        {
            while (goesOn())
            {
                CancellationToken.ThrowIfCancellationRequested();
                update();
                _counters.Updates++;
                CheckLearning();
            }
        }));
    }

    /// <summary>Where the environment begins its episodes: it is reset as often, without a step, and no training episode is cut.</summary>
    /// <param name="count">The number of resets, at least 1.</param>
    /// <param name="seed">Decides the starts, as the seed of a run does.</param>
    /// <returns>[count, observation], environment units, on the CPU; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    /// <exception cref="InvalidOperationException">
    /// A training episode is under way, the environment's state cannot be put back, and there is no other environment for evaluation.
    /// </exception>
    /// <exception cref="Environments.EnvironmentException">The environment failed.</exception>
    public Tensor DrawStarts(int count, int seed) => _starts.Draw(Check.AtLeast(1, count), seed);

    /// <summary>Updates of a dynamics model in a step, after which the learner is checked. One that is stopped goes on between two of them.</summary>
    /// <param name="count">The updates, 0 or more; the same for the same state of the run.</param>
    /// <param name="update">Makes one; receives the number of updates that are left, this one included.</param>
    /// <exception cref="LearningException">Learning has diverged.</exception>
    public void Fit(int count, Action<int> update)
    {
        ArgumentNullException.ThrowIfNull(update);
        void Repeat() => _cursor.Repeat(count, left =>
        {
            CancellationToken.ThrowIfCancellationRequested();
            update(left);
        }, CheckLearning);
        if (count > 0) Measure(TrainingPhase.FittingModel, MetricNames.ModelSeconds, Repeat);
        else Repeat();
    }

    private void BeginNextStep()
    {
        if (Step < Steps && !_recorder.WillEvaluate(EpochEnds)) _interaction.BeginStep();
    }

    // Before the policy acts again.
    private void CheckLearning()
    {
        try
        {
            _algorithm.ThrowIfDiverged();
        }
        catch (LearningException fault) when (_watch.Explain(fault) is var explained && explained != fault)
        {
            throw explained;
        }
    }
}
