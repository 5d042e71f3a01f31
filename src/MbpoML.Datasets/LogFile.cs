using MbpoML.Data;
using MbpoML.Data.TimeSeries;
using MbpoML.Data.Views;
using MbpoML.Datasets.Arrays;
using MbpoML.Datasets.Rewards;
using MbpoML.Datasets.Tables;
using MbpoML.Environments.Functions;
using Microsoft.ML;

namespace MbpoML.Datasets;

/// <summary>Reads a log of any format here, by the ending of its name, as transitions. See docs/logs.md.</summary>
public static partial class LogFile
{
    private static readonly (string Ending, Func<string, DenseDataView> Open)[] Formats =
    [
        (".csv", CsvFile.Read), (".tsv", CsvFile.Read), (".txt", CsvFile.Read),
        (".csv.gz", CsvFile.Read), (".tsv.gz", CsvFile.Read), (".txt.gz", CsvFile.Read),
        (".parquet", ParquetFile.Read), (".npz", NeorlFile.Read), (".hdf5", ReadHdf), (".h5", ReadHdf), (".idv", BinaryFile.Read),
    ];

    /// <summary>The endings of the names of files that can be read; a folder is read as a Minari dataset.</summary>
    public static IReadOnlyList<string> Endings { get; } = [.. Formats.Select(format => format.Ending)];

    /// <summary>Reads a file as it is: transitions, or a table of rows.</summary>
    /// <param name="path">The file, or the folder of a Minari dataset.</param>
    /// <returns>The transition columns of docs/data.md, or the columns of the table.</returns>
    /// <exception cref="ArgumentException">The ending of the name is none of <see cref="Endings"/>.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DatasetException">It is not what its name says, or damaged.</exception>
    public static DenseDataView Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path)) return MinariDataset.Read(path);
        var open = Array.Find(Formats, format => path.EndsWith(format.Ending, StringComparison.OrdinalIgnoreCase)).Open ?? throw new ArgumentException(
            $"{path} is no log that can be read: its name must end in one of {string.Join(", ", Endings)}, or be the folder of a Minari dataset.",
            nameof(path));
        return open(path);
    }

    /// <summary>Whether a view holds transitions, and not rows that are still to be made into some.</summary>
    /// <param name="view">A view, such as <see cref="Open"/> gives.</param>
    public static bool HoldsTransitions(IDataView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var columns = TransitionColumns.Default;
        return new[] { columns.Observation, columns.Action, columns.Reward, columns.NextObservation, columns.Terminated }
            .All(name => view.Schema.GetColumnOrNull(name) is not null);
    }

    /// <summary>Reads a file as transitions: those that it holds, or those that its rows make.</summary>
    /// <param name="path">The file, or the folder of a Minari dataset.</param>
    /// <param name="options">What the columns of a table mean, or another reward; the defaults when null.</param>
    /// <param name="mlContext">Where warnings go; one of its own when null.</param>
    /// <returns>The transition columns of docs/data.md; a <see cref="TimeSeriesLog"/> where the file held rows.</returns>
    /// <exception cref="ArgumentException">An option is missing, out of range, or names no column; or the rows make no transitions: see
    /// <see cref="Catalog.DataCatalog.FromTimeSeries"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no column of a name, or a number is out of range.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DatasetException">It is not what its name says, or damaged.</exception>
    public static IDenseDataView Read(string path, Options? options = null, MLContext? mlContext = null)
    {
        var (view, chosen) = (Open(path), options ?? new Options());
        ArgumentNullException.ThrowIfNull(chosen.Observe, nameof(Options.Observe));
        ArgumentNullException.ThrowIfNull(chosen.Act, nameof(Options.Act));
        ArgumentNullException.ThrowIfNull(chosen.SetPoints, nameof(Options.SetPoints));
        if (HoldsTransitions(view)) return Rewarded.View(view, RequireNoColumns(path, chosen).Reward);
        if (chosen.Observe.Count == 0 || chosen.Act.Count == 0 || chosen.Reward is null)
            throw new ArgumentException(
                $"{path} holds rows, not transitions: say which columns are observed, which are acted, and what the reward is (Observe, Act, Reward). It has " +
                    $"{string.Join(", ", view.Schema.Select(column => $"'{column.Name}'"))}.", nameof(options));
        return (mlContext ?? new MLContext()).Reinforcement().Data.FromTimeSeries(view, Series(view, chosen));
    }

    private static TimeSeriesLog.Options Series(DenseDataView view, Options options)
    {
        var isColumn = view.Schema.GetColumnOrNull(options.Reward!) is not null;
        return new TimeSeriesLog.Options
        {
            Observations = options.Observe,
            Actions = options.Act,
            SetPoints = options.SetPoints,
            Time = options.Time,
            Episode = options.Episode,
            TimeRestarts = options.TimeRestarts,
            Tolerance = options.Tolerance,
            SamplingTime = options.Step,
            RewardColumn = isColumn ? options.Reward : null,
            Reward = isColumn ? null : Formula(view, options),
            TerminationColumn = options.Terminated,
            PastObservations = options.PastObservations,
            PastActions = options.PastActions,
            SkipsMissing = options.SkipMissing,
            KeepsConstants = options.KeepConstants,
        };
    }

    private static RowReward Formula(DenseDataView view, Options options) => RewardExpression.Compile(
        options.Reward!, [.. options.Observe.Concat(options.SetPoints).SelectMany(name => Names(view, name))],
        [.. options.Act.SelectMany(name => Names(view, name))]);

    // A column that is not there is an error of those who read the columns.
    private static IReadOnlyList<string> Names(DenseDataView view, string name) =>
        view.Schema.GetColumnOrNull(name ?? "") is { } column ? new SampleColumn(column).Names : [name ?? ""];

    private static Options RequireNoColumns(string path, Options options)
    {
        string[] given =
        [
            .. new[]
            {
                (nameof(Options.Observe), options.Observe.Count > 0), (nameof(Options.Act), options.Act.Count > 0),
                (nameof(Options.SetPoints), options.SetPoints.Count > 0), (nameof(Options.Time), options.Time is not null),
                (nameof(Options.Episode), options.Episode is not null), (nameof(Options.Step), options.Step is not null),
                (nameof(Options.TimeRestarts), options.TimeRestarts), (nameof(Options.Tolerance), options.Tolerance != new Options().Tolerance),
                (nameof(Options.Terminated), options.Terminated is not null), (nameof(Options.PastObservations), options.PastObservations != 0),
                (nameof(Options.PastActions), options.PastActions != 0), (nameof(Options.SkipMissing), options.SkipMissing),
                (nameof(Options.KeepConstants), options.KeepConstants),
            }.Where(option => option.Item2).Select(option => option.Item1),
        ];
        return given.Length == 0 ? options : throw new ArgumentException(
            $"{path} holds transitions already: {string.Join(", ", given)} cannot be given; Reward can.", nameof(options));
    }

    private static DenseDataView ReadHdf(string path) =>
        HdfFile.Read(path, (file, _) => file.LinkExists(MinariDataset.GroupName(0))) ? MinariDataset.Read(path) : D4rlFile.Read(path);
}
