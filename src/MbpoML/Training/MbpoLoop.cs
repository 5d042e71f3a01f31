using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Rollouts;
using MbpoML.Training.Logging;
using Microsoft.Extensions.Logging;

namespace MbpoML.Training;

/// <summary>Algorithm 2 of the paper, in the order of the official code (mbpo/algorithms/mbpo.py, _train).</summary>
internal sealed partial class MbpoLoop : IDisposable
{
    private readonly MbpoTrainer.Options _options;
    private readonly BranchedRollouts _rollouts;
    private readonly TrainingState _state;
    private readonly Interaction _interaction;
    private readonly ModelFitting _fitting;
    private readonly ModelTrainingTimes _times;
    private readonly BranchedRolloutGenerator _generator;
    private readonly EpochRecorder _recorder;
    private readonly int _firstPolicyStep;

    public MbpoLoop(ComponentContext context, IEnvironment environment, MbpoTrainer.Options options, BranchedRollouts rollouts, TrainingState state, int seed)
    {
        (_options, _rollouts, _state) = (options, rollouts, state);
        _firstPolicyStep = (int)Math.Max(0, options.ExplorationSteps - state.RealPool.Count);
        if (_firstPolicyStep >= options.Steps)
            throw new ArgumentException(
                $"All {options.Steps} steps would be random exploration ({_firstPolicyStep} steps). Give more steps, or set InitialExplorationSteps below them.", nameof(options));
        if (_firstPolicyStep + state.RealPool.Count < 2 && options.RealRatio < 1)
            throw new ArgumentException(
                "The model needs at least 2 transitions before its first fit. Set InitialExplorationSteps to 2 or more, or give logged transitions.", nameof(options));
        var checkedEnvironment = environment.WithChecks();
        var logger = context.CreateLogger("MbpoML.Training");
        _interaction = new Interaction(checkedEnvironment, state.RealPool, state.Policy, options.MaxEpisodeSteps, seed, options.RunsBeside(OverlappedStages.Environment));
        _fitting = new ModelFitting(state, options.RunsBeside(OverlappedStages.Model), options.CancellationToken);
        var termination = options.Termination ?? environment.Termination;
        // The ensemble predicts no termination: without the function its rollouts go on where the real task is over.
        if (termination is null && state.Dynamics is EnsembleLearner && options.RealRatio < 1) _interaction.FirstTermination = () => LogUnknownTermination(logger);
        _generator = new BranchedRolloutGenerator(termination, options.Reward ?? environment.Reward, rollouts.Settings.StoppingRule);
        _recorder = new EpochRecorder(options, state, _interaction, new TrainingEvaluator(checkedEnvironment, options, _interaction, seed), logger);
        _times = new ModelTrainingTimes(options, _firstPolicyStep, state.RealPool.TotalAdded - state.Step);
    }

    private int Epoch => Math.Max(0, _state.Step - _firstPolicyStep) / _options.EpochLength;

    private bool EpochEnds => (_state.Step - _firstPolicyStep) % _options.EpochLength == 0;

    public TrainingReport Run()
    {
        // Line 1: policy, model and pools were made by the state.
        try
        {
            while (_state.Step < _firstPolicyStep) ExploreOneStep();
            while (_state.Step < _options.Steps)
            {
                // Lines 3 and 6-8, every so many steps, before the environment's step.
                if (_times.IsBranching(_state.Step)) RefitAndBranch();

                // Line 5: one real step with the stochastic policy.
                _recorder.Enter(TrainingPhase.OptimizingPolicy, Epoch);
                _recorder.Clock.Measure(MetricNames.EnvironmentSeconds, Interact);

                // Lines 9-10: G policy updates on imagined and a few real transitions.
                _recorder.Clock.Measure(MetricNames.PolicySeconds, UpdatePolicy);
                CloseStep();
            }

            return _recorder.Finish(Epoch);
        }
        catch (OperationCanceledException cancelled) when (_options.CancellationToken.IsCancellationRequested)
        {
            throw new TrainingCanceledException(_recorder.Report(), cancelled, _options.CancellationToken);
        }
    }

    /// <summary>Ends what is under way beside the run.</summary>
    public void Dispose()
    {
        _fitting.Dispose();
        _interaction.Dispose();
    }

    private void ExploreOneStep()
    {
        _recorder.Enter(TrainingPhase.Exploring, Epoch);
        _options.CancellationToken.ThrowIfCancellationRequested();
        _recorder.Clock.Measure(MetricNames.EnvironmentSeconds, () => _interaction.StepRandomly(_state.Exploration, _options.ExplorationActionHold));
        _state.Step++;
    }

    private void RefitAndBranch()
    {
        var refits = _times.IsRefit(_state.Step);
        // Overlapped, a fit that begins now is taken the next time rollouts are branched; only the first one is waited for.
        var later = refits && _options.Overlaps(OverlappedStages.Model) && _state.Step > _firstPolicyStep;
        if (_fitting.IsUnderWay || (refits && !later))
        {
            _recorder.Enter(TrainingPhase.FittingModel, Epoch);
            _recorder.Clock.Measure(MetricNames.ModelSeconds, () =>
            {
                if (!_fitting.IsUnderWay) _fitting.Begin();
                _recorder.Add(_fitting.End());
            });
        }

        _recorder.Enter(TrainingPhase.RollingOut, Epoch);
        _recorder.Clock.Measure(MetricNames.RolloutSeconds, Branch);
        if (later && _state.Step < _options.Steps - _options.ModelTrainingInterval) _fitting.Begin();
    }

    private void Branch()
    {
        _state.RolloutLength = Check.AtLeast(1, _rollouts.Settings.Schedule.GetLength(new RolloutScheduleContext(Epoch, _state.Step)), "rollout length");
        _state.ModelPool.Resize(_rollouts.PoolCapacity(_state.RolloutLength, _options.EpochLength, _options.ModelTrainingInterval));
        using var starts = _state.RealPool.SampleObservations(_rollouts.Settings.BatchSize, _state.RollingOut);
        var statistics = _generator.Generate(
            starts, _state.RolloutLength, _state.Policy, _state.Dynamics.Model, _state.RollingOut, (rows, _) => _state.ModelPool.Append(rows), _options.CancellationToken);
        _recorder.Add(statistics, _state.RolloutLength);
    }

    private void Interact()
    {
        _interaction.StepWithPolicy(_state.Acting);
        _state.Step++;
        // Overlapped, the environment goes on with its next step during the updates that follow this one.
        if (_options.Overlaps(OverlappedStages.Environment) && _state.Step < _options.Steps && !_recorder.WillEvaluate(EpochEnds)) _interaction.BeginStep(_state.Acting);
    }

    private void UpdatePolicy()
    {
        for (var left = _options.UpdatesPerStep; left > 0;)
        {
            foreach (var batch in _state.Minibatches.Next(left))
            {
                _options.CancellationToken.ThrowIfCancellationRequested();
                _state.Policy.Update(batch);
                _state.Updates++;
                left--;
            }
        }
    }

    private void CloseStep()
    {
        _options.CancellationToken.ThrowIfCancellationRequested();
        if (EpochEnds) _recorder.EpochEnded(Epoch - 1);
        _recorder.StepEnded(Epoch);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The environment terminated an episode, but the imagined rollouts never terminate: no termination function is known, so the policy learns that the task goes on there. " +
            "Give IEnvironment.Termination or MbpoTrainer.Options.Termination.")]
    private static partial void LogUnknownTermination(ILogger logger);
}
