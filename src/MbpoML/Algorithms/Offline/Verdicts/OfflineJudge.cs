using MbpoML.Acting;
using MbpoML.Components;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Torch;
using MbpoML.Policies;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>
/// Says what a log tells of policies: whether they are better than what was logged, worse, or whether the log does not say. Made by <c>rl.Offline.JudgeOf</c>.
/// </summary>
/// <remarks>
/// What belongs to the log alone is made once: its clone, the model, and the fitted Q evaluation of the clone. No number stands alone: each is beside the
/// same for the clone, and beside what the log gave. One thread uses it at a time.
/// </remarks>
public sealed partial class OfflineJudge : IDisposable
{
    // So many beginnings of episodes are enough to start from.
    private const int EnoughBeginnings = 20;

    // Steps of the policy that are kept to measure their distance from the log, in all.
    private const int KeptRows = 20_000;

    private readonly Options _options;
    private readonly SetPoints _setPoints;
    private readonly int _seed;
    private readonly OfflineLog _log;
    private readonly LogWindows _windows;
    private readonly IDynamicsLearner _dynamics;
    private readonly JudgedModel _model;
    private readonly NearestData _nearest;
    private readonly PolicyTransformer _clone;
    private readonly double _cloneError;
    private readonly long[] _starts;
    private readonly Tensor _startStates, _endStates, _cloneVisited;
    private readonly double[][] _cloneValues, _cloneReturns;
    // What was logged from the starts on, discounted, and what fitted Q evaluation says of it.
    private readonly double[] _logged;
    private readonly double _loggedValue;
    private readonly ModelCalibration _calibration;

    internal OfflineJudge(ComponentContext context, IDataView log, Options options, IDynamicsEstimator dynamics)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_options, _seed) = (options.Copy(), options.Seed ?? context.NextSeed());
        using var threads = TorchThreads.Use(1);
        using var scope = NewDisposeScope();
        _log = OfflineLog.Read(log, options.Columns, options.Reward, actionSpace: null);
        _setPoints = new SetPoints(_options.SetPoints);
        _setPoints.Require(_log.Layout);
        _windows = new LogWindows(_log, options.Horizon);
        var (heldOut, learned) = EpisodeHoldout.Split(_log.Layout, _log.Rows, options.HoldoutRatio);
        _starts = _windows.Starts(Enumerable.Range(0, (int)_log.Rows.size(0)).Select(row => (long)row).ToArray(), options.MaxStarts, EnoughBeginnings);
        _startStates = _log.Layout.Observation(_log.Rows).index_select(0, tensor(_starts)).DetachFromDisposeScope();
        _endStates = _log.Layout.NextObservation(_log.Rows)
            .index_select(0, tensor(_starts.Select(start => start + _windows.Length(start) - 1).ToArray())).DetachFromDisposeScope();
        _dynamics = dynamics.CreateLearner(_log.Layout, Seeds.Derive(_seed, "dynamics"), null);
        KnownEnds.RequireOfLog(_log.Layout, _log.Rows, options.Termination, _dynamics);
        Tell("The clone of the log is fitted.");
        (_clone, _cloneError) = CloneOf(context, log);
        Tell("A model is fitted to a part of the log, to be measured on the rest.");
        _dynamics.Fit(_setPoints.Hold(_log.Layout, _log.Rows.index_select(0, learned)), options.CancellationToken);
        if (_dynamics.Model is not IEnsembleDynamicsModel)
            throw new InvalidOperationException(
                $"A judge asks the members of a model, but {_dynamics.Model.GetType().Name} is no {nameof(IEnsembleDynamicsModel)}: take " +
                    "rl.Dynamics.ProbabilisticEnsemble.");
        _model = new JudgedModel(_log, _windows, _dynamics, _options, _setPoints, Seeds.Derive(_seed, "model"));
        _calibration = _model.Calibrate(heldOut, _windows.Starts(heldOut.data<long>().ToArray(), options.MaxStarts, EnoughBeginnings), _clone);
        _nearest = new NearestData(_log, learned, heldOut);
        (_cloneReturns, _cloneVisited) = Imagine(_clone);
        Tell("Fitted Q evaluation of the clone.");
        _cloneValues = Evaluate(_clone);
        (_logged, _loggedValue) = EvaluateLog();
    }

    /// <summary>A policy that does what the log does, as the judge compares with it; it lives as long as the judge.</summary>
    public PolicyTransformer Clone => _clone;

    /// <summary>Judges a policy by its most likely actions.</summary>
    /// <param name="policy">A policy of the log's sizes; stays the caller's.</param>
    /// <exception cref="ArgumentException">It has other sizes.</exception>
    /// <exception cref="Numerics.LearningException">An estimate diverged.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The judge was disposed.</exception>
    public JudgeReport Judge(IPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ObjectDisposedException.ThrowIf(_startStates.IsInvalid, this);
        if (policy.ObservationSize != _log.Layout.ObservationSize || policy.ActionSpace?.Size != _log.Layout.ActionSize)
            throw new ArgumentException(
                Invariant($"The policy maps {policy.ObservationSize} observations to {policy.ActionSpace?.Size ?? 0} actions, but the log has ") +
                    Invariant($"{_log.Layout.ObservationSize} and {_log.Layout.ActionSize}."), nameof(policy));
        using var threads = TorchThreads.Use(1);
        using var scope = NewDisposeScope();
        Tell("The policy is imagined from the starts of the log.");
        var (returns, visited) = Imagine(policy);
        using var visitedRows = visited;
        Tell("Fitted Q evaluation of the policy.");
        var values = Evaluate(policy);
        var rewards = _log.Layout.Reward(_log.Rows);
        var facts = new LogFacts(_log.Rows.size(0), _windows.EpisodeCount, _starts.Length, _windows.Horizon, _options.Discount, _cloneError)
        {
            LeastReward = rewards.min().item<float>(),
            MostReward = rewards.max().item<float>(),
        };
        return VerdictRule.Decide(
            new VerdictInputs(_options, FittedQOf(values), ModelOf(returns), _nearest.Measure(visited, _cloneVisited), _calibration, facts));
    }

    /// <summary>Frees clone, model and data.</summary>
    public void Dispose()
    {
        if (_startStates.IsInvalid) return;
        foreach (var part in (IDisposable[])[_log, _dynamics, _nearest, _clone, _startStates, _endStates, _cloneVisited]) part.Dispose();
    }

    private void Tell(string stage)
    {
        _options.CancellationToken.ThrowIfCancellationRequested();
        _options.Progress?.Report(stage);
    }

    private (PolicyTransformer Clone, double Error) CloneOf(ComponentContext context, IDataView log)
    {
        var trainer = new BehaviorCloningTrainer(context, new BehaviorCloningTrainer.Options
        {
            Updates = _options.CloneUpdates,
            Columns = _options.Columns,
            Seed = Seeds.Derive(_seed, "clone"),
            CancellationToken = _options.CancellationToken,
        });
        var report = trainer.Train(log);
        return (report.Policy, report.History.Min(epoch => epoch.Values[OfflineMetricNames.CloneHoldoutLoss]));
    }

    // [elites][starts], and a part of the states and actions visited.
    private (double[][] Returns, Tensor Visited) Imagine(IPolicy policy)
    {
        using var scope = NewDisposeScope();
        var kept = new List<Tensor>();
        var perStep = Math.Max(1, KeptRows / _windows.Horizon);
        var returns = _model.Returns(policy, _starts, _calibration.DrawsNoise, (observation, action) =>
        {
            var rows = cat([observation, action], 1);
            var stride = Math.Max(1, rows.size(0) / perStep);
            kept.Add(rows.slice(0, 0, rows.size(0), stride).clone().DetachFromDisposeScope());
        });
        var visited = cat(kept, 0).DetachFromDisposeScope();
        foreach (var part in kept) part.Dispose();
        return (returns, visited);
    }

    // [seeds][starts]
    private double[][] Evaluate(IPolicy policy)
    {
        var values = new double[_options.FittedQSeeds][];
        for (var seed = 0; seed < values.Length; seed++)
        {
            using var fitted = new FittedQ(_log, policy, _options, Seeds.Derive(_seed, "fitted-q", seed));
            values[seed] = fitted.Values(_startStates);
        }

        return values;
    }

    // The evaluation of the logged actions themselves is what tells how far such evaluations are to be trusted: what they earned is known.
    private (double[] Logged, double Value) EvaluateLog()
    {
        using var fitted = new FittedQ(_log, _clone, _options, Seeds.Derive(_seed, "fitted-q"), isOfLog: true);
        using var actions = _log.Layout.Action(_log.Rows).index_select(0, tensor(_starts));
        var tails = fitted.Values(_endStates);
        double[] logged =
        [
            .. _starts.Select((start, index) => _windows.Return(start, _options.Discount) +
                (_windows.Ends(start) ? 0 : Math.Pow(_options.Discount, _windows.Length(start)) * tails[index])),
        ];
        return (logged, fitted.Values(_startStates, actions).Average());
    }

    private ComparedEstimate FittedQOf(double[][] values) => VerdictRule.Compare(
        "Fitted Q evaluation", values, _cloneValues, _logged, Math.Abs(_loggedValue - _logged.Average()));

    private ComparedEstimate ModelOf(double[][] returns) => VerdictRule.Compare(
        "Members of the model", returns, _cloneReturns, [.. _starts.Select(start => _windows.Return(start))],
        Math.Abs(_calibration.ReturnBias) + _calibration.ReturnBiasHalfWidth);
}
