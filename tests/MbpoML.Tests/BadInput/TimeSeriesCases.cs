using MbpoML.Data;
using MbpoML.Data.TimeSeries;
using MbpoML.Data.Views;
using MbpoML.Environments;
using Microsoft.ML;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Logs of one row a sample, with options that do not fit them.</summary>
internal static class TimeSeriesCases
{
    private const string From = "DataCatalog.FromTimeSeries(IDataView, TimeSeriesLog.Options, TransitionColumns)";

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>(From, "no log", () => Samples.Rl.Data.FromTimeSeries(null!, new()), "log"),
        Bad<ArgumentNullException>(From, "no options", () => Samples.Rl.Data.FromTimeSeries(Rows(), null!), "options"),
        Bad<ArgumentException>(From, "no rows", () => Samples.Rl.Data.FromTimeSeries(
            new DenseDataView.Builder().AddDouble("x", []).AddDouble("u", []).AddDouble("r", []).Build(), Good()), "no rows"),
        Option<ArgumentNullException>("Observations", "null", options => options.Observations = null!, "Observations"),
        Option<ArgumentException>("Observations", "none", options => options.Observations = [], "Observations names no column"),
        Option<ArgumentException>("Observations", "an empty name", options => options.Observations = [""], "Observations has a name"),
        Option<ArgumentOutOfRangeException>("Observations", "no such column", options => options.Observations = ["y"], "no column 'y'", "'x'"),
        Option<ArgumentNullException>("Actions", "null", options => options.Actions = null!, "Actions"),
        Option<ArgumentException>("Actions", "a text", options => options.Actions = ["label"], "'label'", "must hold numbers"),
        Option<ArgumentNullException>("SetPoints", "null", options => options.SetPoints = null!, "SetPoints"),
        Option<ArgumentException>("SetPoints", "a column used twice", options => options.SetPoints = ["x"], "'x' is used as Observations and as SetPoints"),
        Option<ArgumentOutOfRangeException>("Time", "no such column", options => options.Time = "s", "no column 's'"),
        Option<ArgumentOutOfRangeException>("SamplingTime", "0", options => options.SamplingTime = 0, "SamplingTime", "Actual value was 0"),
        Option<ArgumentOutOfRangeException>("SamplingTime", "no multiple", options => options.SamplingTime = 1.5, "SamplingTime", "1.5"),
        Option<ArgumentOutOfRangeException>("Tolerance", "too great", options => options.Tolerance = 0.6, "Tolerance", "0.6"),
        Option<ArgumentOutOfRangeException>("Episode", "no such column", options => options.Episode = "s", "no column 's'"),
        Option<ArgumentException>("TimeRestarts", "without a time", options => options.TimeRestarts = true, "TimeRestarts needs Time"),
        Option<ArgumentOutOfRangeException>("PastObservations", "negative", options => options.PastObservations = -1, "PastObservations", "-1"),
        Option<ArgumentOutOfRangeException>("PastActions", "negative", options => options.PastActions = -1, "PastActions", "-1"),
        Option<ArgumentException>("Reward", "two", options => options.Reward = (observation, action, next) => 0, "only one"),
        Option<ArgumentException>("RewardColumn", "none", options => options.RewardColumn = null, "neither Reward nor RewardColumn"),
        Option<ArgumentException>("RewardColumn", "a text", options => options.RewardColumn = "label", "'label'", "one number"),
        Option<ArgumentException>("Termination", "two", options =>
            (options.Termination, options.TerminationColumn) = ((observation, action, next) => false, "over"), "only one"),
        Option<ArgumentOutOfRangeException>("TerminationColumn", "no such column", options => options.TerminationColumn = "s", "no column 's'"),
        Option<ArgumentException>("ActionSpace", "another size", options => options.ActionSpace = BoxSpace.Uniform(2, 0, 9), "ActionSpace has 2"),
        Option<ArgumentException>("ActionSpace", "too narrow", options => options.ActionSpace = BoxSpace.Uniform(1, 0, 1), "'u' ranges from"),
        Option<ArgumentException>("SkipsMissing", "a missing value that is not skipped", options => options.Observations = ["gap"], "'gap' holds NaN in row 1"),
        Option<ArgumentException>("KeepsConstants", "a constant that is not kept", options => options.Observations = ["still"], "'still' is 0"),
        Bad<ArgumentNullException>(
            "TimeSeriesLog.TryGetColumn(string, ReadOnlyMemory<T>)", "no name", () => Log().TryGetColumn<float>(null!, out _), "columnName"),
        Bad<ArgumentNullException>(
            "TimeSeriesLog.GetRowCursor(IEnumerable<DataViewSchema.Column>, Random)", "no columns", () => Log().GetRowCursor(null!), "columnsNeeded"),
        Bad<ArgumentNullException>(
            "TimeSeriesLog.GetRowCursorSet(IEnumerable<DataViewSchema.Column>, int, Random)", "no columns",
            () => Log().GetRowCursorSet(null!, 1), "columnsNeeded"),
    ];

    private static TimeSeriesLog Log() => Samples.Rl.Data.FromTimeSeries(Rows(), Good());

    private static TimeSeriesLog.Options Good() => new() { Observations = ["x"], Actions = ["u"], RewardColumn = "r" };

    private static DenseDataView Rows() => new DenseDataView.Builder().AddDouble("x", [0, 1, 2, 3]).AddDouble("u", [1, 2, 3, 4]).AddDouble("r", [0, 1, 2, 3])
        .AddDouble("still", new double[4]).AddDouble("over", [0, 0, 0, 1]).AddDouble("gap", [0, double.NaN, 2, 3])
        .AddText("label", [.. new[] { "a", "a", "b", "b" }.Select(text => text.AsMemory())]).Build();

    private static BadCase Option<TException>(string name, string what, Action<TimeSeriesLog.Options> change, params string[] message)
        where TException : Exception => Bad<TException>($"TimeSeriesLog.Options.{name}", what, () =>
    {
        var options = Good();
        change(options);
        Samples.Rl.Data.FromTimeSeries(Rows(), options);
    }, message);
}
