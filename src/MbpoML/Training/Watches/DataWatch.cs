using System.Globalization;
using System.Runtime.InteropServices;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Numerics;
using MbpoML.Numerics.Scaling;
using MbpoML.Saving;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace MbpoML.Training.Watches;

/// <summary>
/// Watches the real transitions of a run for what contradicts itself or cannot be learned from, and warns of each kind once a run. It changes nothing.
/// </summary>
/// <remarks>
/// A step adds to a few sums. Everything else is done for a hundred transitions at a time, so that each is looked at once: what termination and reward
/// functions say of it, numbers that float32 cannot hold, numbers far from one, and sensors that move for the first time after the scales were fixed. Logged
/// transitions are compared with the environment.
/// </remarks>
internal sealed partial class DataWatch : ISaved
{
    /// <summary>So many transitions are looked at together.</summary>
    internal const int BlockRows = 100;

    /// <summary>Observations of this size, as a root mean square, are far from order one.</summary>
    internal const double LargeObservation = 1000;

    // Fewer real transitions than this say nothing about ranges.
    private const int LeastRows = 20;

    private readonly RunCounters _counters;
    private readonly ReplayPool _pool;
    private readonly BoxSpace _observations;
    private readonly IAlgorithm _algorithm;
    private readonly ITerminationFunction? _termination;
    private readonly IRewardFunction? _reward;
    private readonly ILogger _logger;
    private readonly TransitionStatistics _statistics;
    private readonly LogComparison _log;
    private Warnings _given;
    private long _asked;

    /// <param name="environment">The task.</param>
    /// <param name="settings">The functions of what is imagined.</param>
    /// <param name="counters">How far the run is.</param>
    /// <param name="transitions">The real ones.</param>
    /// <param name="algorithm">Its networks may see observations scaled.</param>
    /// <param name="logger">Where the warnings go.</param>
    public DataWatch(IEnvironment environment, HostSettings settings, RunCounters counters, ReplayPool transitions, IAlgorithm algorithm, ILogger logger)
    {
        (_counters, _pool, _algorithm, _logger, _log) = (counters, transitions, algorithm, logger, new LogComparison(environment));
        _observations = environment.ObservationSpace;
        // Without a model nobody asks the functions.
        if (algorithm.UsesModel) (_termination, _reward) = FunctionAgreement.Comparable(settings.Termination, settings.Reward);
        _statistics = new TransitionStatistics(environment.ObservationSpace.Size, environment.ActionSpace.Size);
    }

    [Flags]
    private enum Warnings
    {
        None = 0,
        Termination = 1,
        Reward = 2,
        Precision = 4,
        Scale = 8,
        Awakening = 16,
        LoggedActions = 32,
        LoggedUnits = 64,
        RangesCompared = 128,
    }

    /// <summary>Looks at the logged transitions that a run begins with; a resumed run has done so.</summary>
    public void BeginRun()
    {
        if (_counters.LoggedTransitions == 0 || _asked > 0) return;
        using var scope = NewDisposeScope();
        using var rows = _pool.ToRows().cpu();
        var layout = _pool.Layout;
        var columns = Floats(rows);
        _log.Measure(layout, columns);
        if (_log.DescribeActions(layout, columns) is { } actions && IsFirst(Warnings.LoggedActions)) LogLoggedActions(_logger, actions);
        if (_log.DescribeBounds() is { } bounds && IsFirst(Warnings.LoggedUnits)) LogLoggedUnits(_logger, bounds);
        if (StoredPrecision.DescribeLoss(layout, rows) is { } loss && IsFirst(Warnings.Precision)) LogPrecision(_logger, $"In the logged transitions {loss}");
        if (DescribeScale(Sampled(columns)) is { } scale && IsFirst(Warnings.Scale)) LogScale(_logger, scale);
        AskFunctions();
    }

    /// <summary>Adds the transition of a real step, before it is rounded. Allocates nothing.</summary>
    public void Add(ReadOnlySpan<double> observation, ReadOnlySpan<double> action, double reward, ReadOnlySpan<double> next) =>
        _statistics.Add(observation, action, reward, next);

    /// <summary>A step was made: looks at the transitions since the last time where there are enough, or the exploration is over.</summary>
    public void StepEnded()
    {
        if (_pool.TotalAdded - _asked >= BlockRows || _counters.Step == _counters.FirstPolicyStep) Look();
    }

    /// <summary>Looks at the transitions that nobody looked at yet.</summary>
    public void Look()
    {
        if (_pool.TotalAdded == _asked) return;
        LookAtScales();
        AskFunctions();
        if (_statistics.Count < LeastRows) return;
        if (!IsGiven(Warnings.Precision) && _statistics.DescribeLoss() is { } loss && IsFirst(Warnings.Precision)) LogPrecision(_logger, Capital(loss));
        if (!IsGiven(Warnings.Scale) && DescribeScale(_statistics) is { } scale && IsFirst(Warnings.Scale)) LogScale(_logger, scale);
        // The first steps only: later ones show what the policy has learned, which no log needs to.
        if (IsFirst(Warnings.RangesCompared) && _log.DescribeRanges(_statistics) is { } units && IsFirst(Warnings.LoggedUnits)) LogLoggedUnits(_logger, units);
    }

    /// <summary>A fault of policy learning, with what the imagined transitions have to do with it.</summary>
    /// <returns>The fault itself where they are like the real ones.</returns>
    public LearningException Explain(LearningException fault)
    {
        if (_algorithm.Imagined is not { Count: > 0 } pool) return fault;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var layout = _pool.Layout;
        var (real, imagined) = (Largest(_pool), Largest(pool));
        // Next to numbers of order one, what is imagined below that harms nobody.
        var farthest = Enumerable.Range(0, real.Length).MaxBy(index => imagined[index] / Math.Max(real[index], 1));
        if (!(imagined[farthest] > 10 * Math.Max(real[farthest], 1))) return fault;
        var name = farthest < layout.ObservationSize ? _observations.Tell("observation", farthest) : "the reward";
        return new LearningException(fault.Quantity, fault.Value, fault.Message + string.Create(
            CultureInfo.InvariantCulture,
            $" The imagined transitions have left what the model knows: {name} is imagined as large as {imagined[farthest]:g4}, where the largest real one " +
                $"is {real[farthest]:g4}. Shorten the rollouts, or give the model more transitions."));

        // [observation | reward]: the largest magnitudes.
        float[] Largest(ReplayPool all)
        {
            using var rows = all.ToRows().cpu();
            return cat([layout.NextObservation(rows), layout.Reward(rows).unsqueeze(1)], 1).abs().amax([0L]).data<float>().ToArray();
        }
    }

    private bool IsGiven(Warnings warning) => (_given & warning) != 0;

    private bool IsFirst(Warnings warning)
    {
        var isFirst = !IsGiven(warning);
        _given |= warning;
        return isFirst;
    }

    // Each real transition is asked about once; what the pool has dropped meanwhile is not.
    private void AskFunctions()
    {
        var pool = _pool;
        var first = Math.Max(_asked, pool.TotalAdded - pool.Count);
        _asked = pool.TotalAdded;
        if ((_termination is null || IsGiven(Warnings.Termination)) && (_reward is null || IsGiven(Warnings.Reward))) return;
        for (; first < _asked; first += LogComparison.RowsAtOnce)
        {
            using var scope = NewDisposeScope();
            var rows = Rows(first, Math.Min(LogComparison.RowsAtOnce, _asked - first));
            var layout = pool.Layout;
            var (observation, action, next) = (layout.Observation(rows), layout.Action(rows), layout.NextObservation(rows));
            if (_termination is not null && !IsGiven(Warnings.Termination) &&
                FunctionAgreement.OfTermination(_termination, observation, action, next, layout.Terminated(rows)) is { } ending)
                Warn(isReward: false, ending, rows, first);
            if (_reward is not null && !IsGiven(Warnings.Reward) &&
                FunctionAgreement.OfReward(_reward, observation, action, next, layout.Reward(rows)) is { } earning)
                Warn(isReward: true, earning, rows, first);
        }
    }

    private void Warn(bool isReward, in FunctionDifference difference, Tensor rows, long first)
    {
        IsFirst(isReward ? Warnings.Reward : Warnings.Termination);
        var layout = _pool.Layout;
        using var row = rows.narrow(0, difference.Row, 1).cpu();
        var text = StepComparison.Describe(isReward, difference, Floats(layout.Observation(row).contiguous()), Floats(layout.Action(row).contiguous()),
            Floats(layout.NextObservation(row).contiguous()));
        var number = first + difference.Row;
        var place = number < _counters.LoggedTransitions ? Invariant($"Logged transition {number}, where the log stands for Step")
            : Invariant($"Step {number - _counters.LoggedTransitions + 1} of the run");
        LogContradiction(_logger, place, text, difference.Count, rows.size(0));
    }

    // Real transitions in the order of time, on the pool's device.
    private Tensor Rows(long first, long count)
    {
        var pool = _pool;
        var rows = empty(count, pool.Layout.Width, float32, pool.Device);
        pool.CopyRows(first - (pool.TotalAdded - pool.Count), rows);
        return rows;
    }

    private string? DescribeScale(TransitionStatistics seen)
    {
        if (_algorithm.Policy is not IObservationScaling { ScalesObservations: false }) return null;
        string[] large = [.. Enumerable.Range(0, _pool.Layout.ObservationSize).Where(index => seen.RootMeanSquare(index) > LargeObservation)
            .OrderByDescending(seen.RootMeanSquare).Select(index => string.Create(
                CultureInfo.InvariantCulture,
                $"{_observations.Tell("observation", index)} lies between {seen.Low(index):g6} and {seen.High(index):g6}, with a mean of " +
                    $"{seen.Mean(index):g6}"))];
        return MessageText.Join(large) is { } text ? Capital(text) : null;
    }

    // Of a long log, transitions at equal distances.
    private TransitionStatistics Sampled(ReadOnlySpan<float> rows)
    {
        var layout = _pool.Layout;
        var seen = new TransitionStatistics(layout.ObservationSize, layout.ActionSize);
        var row = new double[layout.Width];
        var stride = layout.Width * Math.Max(1, rows.Length / layout.Width / LogComparison.RowsAtOnce);
        for (var start = 0; start < rows.Length; start += stride)
        {
            for (var index = 0; index < row.Length; index++) row[index] = rows[start + index];
            seen.Add(
                row.AsSpan(0, layout.ObservationSize), row.AsSpan(layout.ActionOffset, layout.ActionSize), row[layout.RewardOffset],
                row.AsSpan(layout.NextObservationOffset, layout.ObservationSize));
        }

        return seen;
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static ReadOnlySpan<float> Floats(Tensor contiguous) => MemoryMarshal.Cast<byte, float>(contiguous.bytes);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Place}: {Difference}; {Count} of {Looked} transitions looked at differ. Imagined transitions follow the function, so the policy learns " +
            "another task than the environment's: correct the one that is wrong.")]
    private static partial void LogContradiction(ILogger logger, string place, string difference, long count, long looked);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Loss}. Transitions are kept as float32, so its precision is lost and what learns cannot see these changes. " + StoredPrecision.Remedy)]
    private static partial void LogPrecision(ILogger logger, string loss);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Observations}. The networks of soft actor-critic expect numbers of order one and may diverge on such a scale: set " +
            "SoftActorCriticTrainer.Options.StandardizeObservations, " +
            "or have the environment subtract an offset and use another unit.")]
    private static partial void LogScale(ILogger logger, string observations);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The logged actions do not look like actions of this environment: {Actions}. " + LogComparison.ActionAdvice)]
    private static partial void LogLoggedActions(ILogger logger, string actions);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The logged transitions may have other units than the environment: {Ranges}. Convert the log, or the environment's observations; where the " +
            "units are the same, the log shows another part of the task.")]
    private static partial void LogLoggedUnits(ILogger logger, string ranges);
}
