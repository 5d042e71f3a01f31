using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies;
using MbpoML.Rollouts;
using MbpoML.Training.Checkpoints;
using MbpoML.Training.Logging;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Training;

/// <summary>Algorithm 2 of the paper, in the order of the official code (mbpo/algorithms/mbpo.py, _train).</summary>
internal sealed partial class MbpoLoop : IDisposable
{
    private readonly MbpoTrainer.Options _options;
    private readonly BranchedRollouts _rollouts;
    private readonly TrainingState _state;
    private readonly RunEnvironments _environments;
    private readonly Interaction _interaction;
    private readonly ModelFitting _fitting;
    private readonly ModelTrainingTimes _times;
    private readonly TrustMeter? _trust;
    private readonly BranchedRolloutGenerator _generator;
    private readonly DataWatch _watch;
    private readonly EpochRecorder _recorder;
    private readonly RunCheckpoints? _checkpoints;
    private readonly RunForecast? _forecast;
    private readonly ILogger _logger;
    private readonly string _settings;
    private readonly int _seed;

    /// <param name="context">Where log lines go.</param>
    /// <param name="environment">The task.</param>
    /// <param name="options">The options of the loop.</param>
    /// <param name="rollouts">Stage 2.</param>
    /// <param name="state">Begun, or restored from a checkpoint.</param>
    /// <param name="seed">Of the episodes.</param>
    /// <param name="settings">What a checkpoint says of the run's settings.</param>
    /// <param name="resumed">The checkpoint that the state was restored from; null for a new run.</param>
    /// <param name="advice">What would shorten the run; null: how long it will take is not said.</param>
    public MbpoLoop(
        ComponentContext context, IEnvironment environment, MbpoTrainer.Options options, BranchedRollouts rollouts, TrainingState state, int seed, string settings = "",
        CheckpointReader? resumed = null, RunAdvice? advice = null)
    {
        (_options, _rollouts, _state, _seed, _settings) = (options, rollouts, state, seed, settings);
        _environments = new RunEnvironments(environment, options);
        _logger = context.CreateLogger("MbpoML.Training");
        _interaction = new Interaction(
            _environments.Training, state.RealPool, state.Policy, options.MaxEpisodeSteps, seed, options.RunsBeside(OverlappedStages.Environment), new EpisodeFailures(options, _logger));
        _fitting = new ModelFitting(state, options);
        _watch = new DataWatch(environment, options, state, _logger) { IsModelIdle = () => !_fitting.IsUnderWay };
        _interaction.Watch = _watch;
        // The ensemble predicts no termination: without the function its rollouts go on where the real task is over.
        if ((options.Termination ?? environment.Termination) is null && state.Dynamics is EnsembleLearner && state.NeedsModel) _interaction.FirstTermination = () => LogUnknownTermination(_logger);
        _generator = CreateGenerator(environment, options, rollouts);
        state.UseModel(_generator);
        _recorder = new EpochRecorder(
            options, state, _interaction, new TrainingEvaluator(_environments, options, _interaction, seed), new ReturnWatch(environment, options, state, seed, _logger), () => _fitting.IsUnderWay, _logger);
        if (advice is not null) _forecast = new RunForecast(options, state, _recorder.Clock, advice, _logger);
        _times = new ModelTrainingTimes(options, state.NeedsModel, state.FirstPolicyStep, state.LoggedTransitions);
        if (rollouts.Settings.Schedule.NeedsTrust && options.RealRatio < 1) _trust = new TrustMeter(context, state, seed);
        if (resumed is not null) RestoreOrDispose(resumed);
        if (options.Checkpoints is { } checkpoints) _checkpoints = new RunCheckpoints(checkpoints, Save, state.Step, _logger);
    }

    /// <summary>Imagines steps with what is known of the task.</summary>
    public static BranchedRolloutGenerator CreateGenerator(IEnvironment environment, MbpoTrainer.Options options, BranchedRollouts rollouts) =>
        new(options.Termination ?? environment.Termination, options.Reward ?? environment.Reward, rollouts.Settings.StoppingRule);

    private int Epoch => Math.Max(0, _state.Step - _state.FirstPolicyStep) / _options.EpochLength;

    private bool EpochEnds => (_state.Step - _state.FirstPolicyStep) % _options.EpochLength == 0;

    public TrainingReport Run()
    {
        // Line 1: policy, model and pools were made by the state.
        try
        {
            _watch.BeginRun();
            while (_state.Step < _state.FirstPolicyStep) ExploreOneStep();
            while (_state.Step < _options.Steps || _state.Position != StepPosition.Begun) LearnOneStep();
            _watch.Look();
            _checkpoints?.Write(_state.Step);
            return _recorder.Finish(Epoch);
        }
        catch (Exception stopped) when (_options.CancellationToken.Caused(stopped))
        {
            throw new TrainingCanceledException(_state.Step, TryReport(), TryWriteCheckpoint(), stopped, _options.CancellationToken);
        }
        catch (Exception fault)
        {
            // Where the environment failed, a run can go on. Learning that failed has spoiled the weights, and anything else may have stopped a step half-way: there the checkpoint
            // before it is the one to go back to.
            throw new TrainingFailedException(_state.Step, TryReport(), fault is EnvironmentException ? TryWriteCheckpoint() : null, fault);
        }
    }

    /// <summary>Takes back what the metrics writers of a resumed run were told after its checkpoint.</summary>
    public void ResumeWriters() => _recorder.ResumeWriters();

    /// <summary>Ends what is under way beside the run.</summary>
    public void Dispose()
    {
        _fitting.Dispose();
        _trust?.Dispose();
        _interaction.Dispose();
        _environments.Dispose();
    }

    private void LearnOneStep()
    {
        // Lines 3 and 6-8, every so many steps, before the environment's step.
        using (NewOwnScope())
        {
            Pass(StepPosition.Fitted, Refit);
            Pass(StepPosition.Branched, Branch);
        }

        // Line 5: one real step with the stochastic policy.
        Pass(StepPosition.Acted, Act);

        // Lines 9-10: G policy updates on imagined and a few real transitions.
        using (NewOwnScope()) _recorder.Clock.Measure(MetricNames.PolicySeconds, UpdatePolicy);
        CloseStep();
    }

    // Holds every tensor that is made: TorchSharp gives native code a tensor's address and forgets the tensor, so that a garbage collection, which any thread may start, would free one that
    // nothing holds while it is being read. Not around the learners of others nor the environment: what they keep from step to step would end with the scope.
    private DisposeScope? NewOwnScope() => _state is { Policy: SacLearner, Dynamics: EnsembleLearner } ? NewDisposeScope() : null;

    private void ExploreOneStep()
    {
        _recorder.Enter(TrainingPhase.Exploring, Epoch);
        _options.CancellationToken.ThrowIfCancellationRequested();
        _recorder.Clock.Measure(MetricNames.EnvironmentSeconds, () => _interaction.StepRandomly(_state.Exploration, _options.ExplorationActionHold));
        _state.Step++;
        _watch.StepEnded();
        _forecast?.StepEnded();
        _checkpoints?.WriteIfDue(_state.Step);
    }

    // A part of a step that a stopped run had behind it is not done again.
    private void Pass(StepPosition position, Action part)
    {
        if (_state.Position >= position) return;
        part();
        _state.Position = position;
    }

    private void Refit()
    {
        if (!_times.IsBranching(_state.Step)) return;
        // Before the model is fitted to what came in; beside the run, once the fit of before is taken.
        if (!_fitting.IsUnderWay) _trust?.MeasureModel();
        if (!_fitting.IsUnderWay && (!_times.IsRefit(_state.Step) || RefitsLater)) return;
        // While the scales are those of the fit before.
        _watch.Look();
        _recorder.Enter(TrainingPhase.FittingModel, Epoch);
        _recorder.Clock.Measure(MetricNames.ModelSeconds, () =>
        {
            if (!_fitting.IsUnderWay) _fitting.Begin();
            _recorder.Add(_fitting.End());
        });
        _trust?.MeasureModel();
    }

    // Overlapped, a fit that begins now is taken the next time rollouts are branched; only the first one is waited for.
    private bool RefitsLater => _options.Overlaps(OverlappedStages.Model) && _state.Step > _state.FirstPolicyStep;

    private void Branch()
    {
        if (_options.RealRatio == 1 || !_times.IsBranching(_state.Step)) return;
        _recorder.Enter(TrainingPhase.RollingOut, Epoch);
        _recorder.Clock.Measure(MetricNames.RolloutSeconds, RollOut);
        if (RefitsLater && _times.IsRefit(_state.Step) && _state.Step < _options.Steps - _options.ModelTrainingInterval) _fitting.Begin();
    }

    private void RollOut()
    {
        var trust = _trust?.Measure();
        if (trust is { } measured) _recorder.Add(measured);
        _state.RolloutLength = Check.AtLeast(1, _rollouts.Settings.Schedule.GetLength(new RolloutScheduleContext(Epoch, _state.Step, trust)), "rollout length");
        _state.ModelPool.Resize(_rollouts.PoolCapacity(_state.RolloutLength, _options.EpochLength, _options.ModelTrainingInterval));
        using var random = _state.RollingOut.get_state();
        var pool = _state.ModelPool.Mark();
        try
        {
            using var starts = _state.RealPool.SampleObservations(_rollouts.Settings.Starts(_state.RolloutLength), _state.RollingOut);
            var statistics = _generator.Generate(
                starts, _state.RolloutLength, _state.Policy, _state.Dynamics.Model, _state.RollingOut, (rows, _) => _state.ModelPool.Append(rows), _options.CancellationToken);
            _recorder.Add(statistics, _state.RolloutLength);
        }
        catch
        {
            // A resumed run branches all of them again.
            _state.RollingOut.set_state(random);
            _state.ModelPool.TakeBackTo(pool);
            throw;
        }
    }

    private void Act()
    {
        _recorder.Enter(TrainingPhase.OptimizingPolicy, Epoch);
        _recorder.Clock.Measure(MetricNames.EnvironmentSeconds, Interact);
    }

    private void Interact()
    {
        _interaction.StepWithPolicy(_state.Acting);
        // The step counts from here on, even where beginning the next one fails.
        _state.Step++;
        (_state.Position, _state.UpdatesLeft) = (StepPosition.Acted, _options.UpdatesPerStep);
        _watch.StepEnded();
        // Overlapped, the environment goes on with its next step during the updates that follow this one.
        if (_options.Overlaps(OverlappedStages.Environment) && _state.Step < _options.Steps && !_recorder.WillEvaluate(EpochEnds)) _interaction.BeginStep(_state.Acting);
    }

    private void UpdatePolicy()
    {
        // Once a step: the fast path would else look for a thread in each of its phases.
        using var threads = _state.Policy is SacLearner { IsFused: true } ? TorchThreads.Use(1) : default;
        for (; _state.UpdatesLeft > 0; _state.UpdatesLeft--)
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            _state.Policy.Update(_state.Minibatches.Next(_state.UpdatesLeft));
            _state.Updates++;
        }

        // Before the policy acts again.
        try
        {
            (_state.Policy as IGuardedLearner)?.ThrowIfDiverged();
        }
        catch (LearningException fault) when (_watch.Explain(fault) is var explained && explained != fault)
        {
            throw explained;
        }
    }

    private void CloseStep()
    {
        _options.CancellationToken.ThrowIfCancellationRequested();
        if (EpochEnds) _recorder.EpochEnded(Epoch - 1);
        _recorder.StepEnded(Epoch);
        _forecast?.StepEnded();
        _state.Position = StepPosition.Begun;
        if (_state.Step < _options.Steps) _checkpoints?.WriteIfDue(_state.Step);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The environment terminated an episode, but what is imagined never terminates: no termination function is known, so the policy learns that the task goes on there. " +
            "Give IEnvironment.Termination or MbpoTrainer.Options.Termination.")]
    private static partial void LogUnknownTermination(ILogger logger);
}
