using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Data.TimeSeries;
using MbpoML.Data.Views;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MbpoML.Catalog;

/// <summary>Ways to get transitions into data views, and out of them. See docs/data.md for the columns.</summary>
public sealed partial class DataCatalog
{
    private readonly ComponentContext _context;

    internal DataCatalog(ComponentContext context) => _context = context;

    /// <summary>Copies transitions into a dense view, with the column EpisodeId.</summary>
    /// <param name="transitions">At least one; all of the same sizes.</param>
    /// <param name="columns">The names to give; the defaults when null.</param>
    /// <exception cref="ArgumentException">There is none, sizes differ, or a value is not finite; the message names the transition.</exception>
    public DenseDataView FromTransitions(IEnumerable<Transition> transitions, TransitionColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(transitions);
        columns = TransitionColumns.Checked(columns);
        using var channel = _context.Host.Start("FromTransitions");
        var view = Collect(transitions, columns);
        using var table = TransitionReader.Read(view, columns);
        WarnOfLoss(StoredPrecision.DescribeLoss(table.Layout, table.Rows));
        channel.Info(MessageSensitivity.None, Invariant($"{view.RowCount} transitions."));
        return view;
    }

    /// <summary>Copies recorded episodes into a dense view; the column EpisodeId counts them from 0.</summary>
    /// <param name="episodes">At least one; all of the same sizes.</param>
    /// <param name="columns">The names to give; the defaults when null.</param>
    /// <exception cref="ArgumentException">There is none, an episode's lists do not fit together, sizes differ, or a value is not finite.</exception>
    public DenseDataView FromEpisodes(IEnumerable<Episode> episodes, TransitionColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        return FromTransitions(episodes.SelectMany((episode, index) => episode?.ToTransitions(index)
            ?? throw new ArgumentException(Invariant($"Episode {index} is null; leave it out."), nameof(episodes))), columns);
    }

    /// <summary>Makes transitions of a log with one row a sample, as a plant's historian or a CSV file has it. See docs/logs.md.</summary>
    /// <param name="log">Any view: of ML.NET's text loader, of MbpoML.Datasets, of your own. It is read once, in its order.</param>
    /// <param name="options">Which columns are observed, acted and rewarded, and where episodes end.</param>
    /// <param name="columns">The names to give; the defaults when null.</param>
    /// <returns>A dense view with the column EpisodeId, which counts from 0, the bounds of the actions, and how many gaps and restarts were found.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no column of a name, an option is out of range, or the sampling time is no multiple of the log's.
    /// </exception>
    /// <exception cref="ArgumentException">A column has another type, times do not rise, a value is missing, a column is constant, an action is out of bounds,
    /// a reward is not finite, or no step is left; the message names column and row.</exception>
    public TimeSeriesLog FromTimeSeries(IDataView log, TimeSeriesLog.Options options, TransitionColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(options);
        using var channel = _context.Host.Start("FromTimeSeries");
        var transitions = new TimeSeriesLog(log, options, TransitionColumns.Checked(columns));
        WarnOfLoss(transitions.Statistics.DescribeLoss());
        channel.Info(MessageSensitivity.None,
            Invariant($"{transitions.RowCount} transitions in {transitions.Episodes} episodes; {transitions.Gaps} gaps, {transitions.Restarts} restarts."));
        return transitions;
    }

    /// <summary>
    /// A view over objects of the caller's own class whose members are the columns, as ML.NET's <c>Data.LoadFromEnumerable</c> makes it, with the vector sizes
    /// filled in.
    /// </summary>
    /// <remarks>
    /// So the arrays need no <c>[VectorType]</c> attribute. The view reads the objects anew each time it is read: it is slower than a dense one but copies
    /// nothing.
    /// </remarks>
    /// <typeparam name="TRow">A class with members (or [ColumnName] attributes) named as <paramref name="columns"/> says.</typeparam>
    /// <param name="rows">The objects, one a transition; the view reads them anew each time.</param>
    /// <param name="observationSize">n, the length of the observation arrays.</param>
    /// <param name="actionSize">m, the length of the action arrays.</param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The class has no member for a column, or a size is below 1.</exception>
    /// <exception cref="ArgumentException">A column has no name of its own, or, when a row is read, an array another length.</exception>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> rows, int observationSize, int actionSize, TransitionColumns? columns = null)
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(rows);
        columns = TransitionColumns.Checked(columns);
        var schema = SchemaDefinition.Create(typeof(TRow));
        SetSize(columns.Observation, Check.AtLeast(1, observationSize));
        SetSize(columns.Action, Check.AtLeast(1, actionSize));
        SetSize(columns.NextObservation, observationSize);
        return _context.ML.Data.LoadFromEnumerable(rows, schema);

        void SetSize(string name, int size)
        {
            var column = schema.FirstOrDefault(column => column.ColumnName == name)
                ?? throw new ArgumentOutOfRangeException(
                    nameof(columns), $"Could not find input column '{name}': {typeof(TRow)} has no public member of that name.");
            if (column.ColumnType is VectorDataViewType { ItemType: var item }) column.ColumnType = new VectorDataViewType(item, size);
        }
    }

    /// <summary>Acts in an environment and records what happens. Wrap the environment in a time limit first if its episodes never end by themselves.</summary>
    /// <param name="environment">The environment; reset by this call, and left within an episode.</param>
    /// <param name="steps">The transitions to record, over as many episodes as they take. The last is marked as truncated where its episode goes on.</param>
    /// <param name="policy">Chooses the actions; null draws them uniformly from the action space, whose bounds must then be finite.</param>
    /// <param name="seed">Determines the episodes and the random actions; null takes one from the ML.NET context's random stream.</param>
    /// <param name="columns">The names to give; the defaults when null.</param>
    /// <returns>A dense view with the column EpisodeId, which counts from 0.</returns>
    /// <exception cref="ArgumentException">The environment gave, or the policy chose, a value that is not finite.</exception>
    /// <exception cref="EnvironmentException">The environment cancelled its own call, as where a request of its own took too long.</exception>
    /// <exception cref="InvalidOperationException">There is no policy, and the action space has an infinite bound.</exception>
    public DenseDataView Record(IEnvironment environment, int steps, BehaviorPolicy? policy = null, int? seed = null, TransitionColumns? columns = null)
    {
        environment.RequireSpaces();
        var statistics = new TransitionStatistics(environment.ObservationSpace.Size, environment.ActionSpace.Size);
        var view = Collect(TransitionRecorder.Record(environment, Check.AtLeast(1, steps), policy, seed ?? _context.NextSeed(), statistics: statistics),
            TransitionColumns.Checked(columns));
        WarnOfLoss(statistics.DescribeLoss());
        return view;
    }

    /// <summary>Reads any view of transitions into one tensor; the same as <see cref="TransitionReader.Read"/>.</summary>
    /// <param name="view">A view with the columns of transitions.</param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <returns>The transitions in the view's order; the caller disposes the table.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">A column has another type or size, the view no rows, or a value is not finite.</exception>
    public TransitionTable Read(IDataView view, TransitionColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        using var channel = _context.Host.Start("Read");
        var table = TransitionReader.Read(view, columns);
        WarnOfLoss(StoredPrecision.DescribeLoss(table.Layout, table.Rows));
        channel.Info(MessageSensitivity.None,
            Invariant($"{table.Count} transitions: observation [{table.Layout.ObservationSize}], action [{table.Layout.ActionSize}]."));
        return table;
    }

    private static DenseDataView Collect(IEnumerable<Transition> transitions, TransitionColumns columns)
    {
        var collector = new TransitionCollector();
        foreach (var transition in transitions) collector.Add(transition);
        return collector.ToDataView(columns);
    }

    private void WarnOfLoss(string? loss)
    {
        if (loss is not null) LogPrecision(_context.CreateLogger("MbpoML.Data"), StoredPrecision.Warning(loss));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Loss}")]
    private static partial void LogPrecision(ILogger logger, string loss);
}
