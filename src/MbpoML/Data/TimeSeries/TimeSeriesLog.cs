using MbpoML.Data.Views;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using Microsoft.ML;

namespace MbpoML.Data.TimeSeries;

/// <summary>
/// A plant's log, one row a sample, as transitions: a dense view with the house's columns, and what was found on the way.
/// <c>rl.Data.FromTimeSeries</c> makes it; docs/logs.md explains it.
/// </summary>
/// <remarks>
/// An observation is [observations, set points, observations 1, 2 ... steps before, actions 1, 2 ... steps before]. Steps at the start of an episode whose
/// past is not in the log are left out. An episode ends as truncated at a gap, a restart, another episode and the end of the log, and as terminated where the
/// task ended.
/// </remarks>
public sealed partial class TimeSeriesLog : IDenseDataView
{
    // A part of the range by which rounding may miss a bound.
    private const double BoundTolerance = 1e-4;

    private readonly DenseDataView _view;

    internal TimeSeriesLog(IDataView log, Options options, TransitionColumns columns)
    {
        options.Validate();
        options = options.Copy();
        var samples = new Samples(log, options);
        var stretches = new Stretches(samples, options);
        RequireChanges(samples, options);
        var builder = new StepBuilder(samples, options, stretches.RowsPerStep);
        foreach (var stretch in stretches.All) builder.Add(stretch);
        Statistics = builder.Table.Statistics;
        (SamplingTime, Episodes, Gaps, Restarts) = (stretches.RowsPerStep * stretches.RowTime, builder.Episodes, stretches.Gaps, stretches.Restarts);
        ObservationNames = NamesOf(samples, options);
        SetPoints = [.. Enumerable.Range(samples.ObservationSize, samples.SetPointSize)];
        Reward = options.Reward;
        string[] actionNames = [.. samples.Names.Skip(samples.ActionOffset).Take(samples.ActionSize)];
        if (builder.Table.Count == 0)
            throw new ArgumentException(
                Invariant($"No step is left of {samples.Count} rows: with {Gaps} gaps and {Restarts} restarts no episode is as long as a step of ") +
                    Invariant($"{stretches.RowsPerStep} rows and a past of {Math.Max(options.PastObservations, options.PastActions)} steps. Look at Time, ") +
                    "Episode, Tolerance, PastObservations and PastActions.");
        ActionSpace = Bounds(builder.Table, options.ActionSpace, actionNames);
        _view = ViewOf(builder.Table, columns, ObservationNames, actionNames);
    }

    /// <summary>The bounds of the actions: those given, or the least and the greatest of the log, [action].</summary>
    public BoxSpace ActionSpace { get; }

    /// <summary>What the numbers of an observation are called, [observation]; "[-2]" stands behind what was two steps before.</summary>
    public IReadOnlyList<string> ObservationNames { get; }

    /// <summary>Which numbers of an observation are set points, counted from 0: what the offline methods with a model and the judge take.</summary>
    public IReadOnlyList<int> SetPoints { get; }

    /// <summary>
    /// What a step earns, imagined ones too: the function that was given, whose result every row has as its reward. Null where a column has the reward: that
    /// may be the sum over several rows, or over what no step shows. <see cref="RewardFunction.FromRow"/> makes of it what learners and the judge take.
    /// </summary>
    public RowReward? Reward { get; }

    /// <summary>The time between two decisions, in the unit of the log's times.</summary>
    public double SamplingTime { get; }

    /// <summary>The number of episodes in the log.</summary>
    public int Episodes { get; }

    /// <summary>The places where the time jumps or a value is missing.</summary>
    public int Gaps { get; }

    /// <summary>The places where another episode begins or the clock goes back.</summary>
    public int Restarts { get; }

    /// <inheritdoc/>
    public DataViewSchema Schema => _view.Schema;

    /// <inheritdoc/>
    public bool CanShuffle => _view.CanShuffle;

    /// <inheritdoc/>
    public int RowCount => _view.RowCount;

    /// <summary>The numbers before they were rounded to float32.</summary>
    internal TransitionStatistics Statistics { get; }

    /// <inheritdoc/>
    public long? GetRowCount() => _view.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => _view.GetRowCursor(columnsNeeded, rand);

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        _view.GetRowCursorSet(columnsNeeded, n, rand);

    /// <inheritdoc/>
    public bool TryGetColumn<T>(string columnName, out ReadOnlyMemory<T> values)
        where T : unmanaged => _view.TryGetColumn(columnName, out values);

    // What never changes in a log cannot be learned from it.
    private static void RequireChanges(Samples samples, Options options)
    {
        for (var position = 0; position < samples.ActionOffset + samples.ActionSize; position++)
        {
            var isAction = position >= samples.ActionOffset;
            if (isAction ? options.ActionSpace is not null : options.KeepsConstants) continue;
            if (ConstantAt(samples, position) is not { } value) continue;
            throw new ArgumentException(
                Invariant($"Column '{samples.Names[position]}' is {value} in all rows. ") +
                    (isAction ? "Nothing can be learned about an action that never changes: leave it out, or give ActionSpace."
                        : "Leave it out, or allow it by KeepsConstants."));
        }
    }

    private static double? ConstantAt(Samples samples, int position)
    {
        double? found = null;
        for (var row = 0; row < samples.Count; row++)
        {
            var value = samples.Row(row)[position];
            if (!double.IsFinite(value)) continue;
            if (found is { } first && first != value) return null;
            found ??= value;
        }

        return found;
    }

    private static string[] NamesOf(Samples samples, Options options)
    {
        string[] measured = [.. samples.Names.Take(samples.ObservationSize)];
        string[] acted = [.. samples.Names.Skip(samples.ActionOffset).Take(samples.ActionSize)];
        return
        [
            .. samples.Names.Take(samples.ActionOffset),
            .. Enumerable.Range(1, options.PastObservations).SelectMany(back => measured.Select(name => Invariant($"{name}[-{back}]"))),
            .. Enumerable.Range(1, options.PastActions).SelectMany(back => acted.Select(name => Invariant($"{name}[-{back}]"))),
        ];
    }

    private static BoxSpace Bounds(StepTable steps, BoxSpace? given, string[] names)
    {
        var size = names.Length;
        if (given is not null && given.Size != size)
            throw new ArgumentException(Invariant($"ActionSpace has {given.Size} dimensions, but the log's actions have {size}."));
        var (low, high) = (new double[size], new double[size]);
        for (var index = 0; index < size; index++)
        {
            var number = steps.Statistics.ActionOffset + index;
            (low[index], high[index]) = (steps.Statistics.Low(number), steps.Statistics.High(number));
            if (given is null) continue;
            var slack = double.IsFinite(given.High[index] - given.Low[index]) ? BoundTolerance * (given.High[index] - given.Low[index]) : 0;
            if (low[index] >= given.Low[index] - slack && high[index] <= given.High[index] + slack) continue;
            throw new ArgumentException(
                Invariant($"Column '{names[index]}' ranges from {low[index]} to {high[index]}, outside the bounds {given.Describe(index)} of ") +
                    "ActionSpace. Give the bounds in the log's units, or log what the plant really got.");
        }

        var space = given ?? new BoxSpace(low, high);
        return space.Names is null && names.Distinct(StringComparer.Ordinal).Count() == size ? space.Named(names) : space;
    }

    private static DenseDataView ViewOf(StepTable steps, TransitionColumns columns, IReadOnlyList<string> observationNames, string[] actionNames) =>
        new DenseDataView.Builder()
            .AddVector(columns.Observation, observationNames.Count, [.. steps.Observation], observationNames)
            .AddVector(columns.Action, actionNames.Length, [.. steps.Action], actionNames)
            .AddScalar(columns.Reward, [.. steps.Reward])
            .AddVector(columns.NextObservation, observationNames.Count, [.. steps.Next], observationNames)
            .AddBoolean(columns.Terminated, [.. steps.Terminated])
            .AddBoolean(columns.Truncated, [.. steps.Truncated])
            .AddInt32(columns.EpisodeId, [.. steps.Episode])
            .Build();
}
