using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Tests.BadInput;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Datasets.Tests;

/// <summary>Whatever a caller may give that cannot be right is refused, with the documented exception that names the argument and the value.</summary>
[Category("Text")]
public class BadInputTests
{
    private const string Write = "MinariDataset.Write(IDataView, string, BoxSpace, BoxSpace, TransitionColumns)";
    private const string Describe = "LogDescription.Of(IDataView, string, string)";
    private const string Earns = "LogFile.Earns(IDataView, string)";
    private const string Ends = "LogFile.Ends(IDataView, string)";
    private const string Read = "LogFile.Read(string, Options, MLContext)";

    private static IReadOnlyCollection<BadCase> Table =>
    [
        .. Reads("CsvFile.Read(string)", path => CsvFile.Read(path)),
        .. Reads("ParquetFile.Read(string)", path => ParquetFile.Read(path)),
        .. Reads("NeorlFile.Read(string)", path => NeorlFile.Read(path)),
        .. Reads("D4rlFile.Read(string)", path => D4rlFile.Read(path)),
        .. Reads("MinariDataset.Read(string)", path => MinariDataset.Read(path)),
        .. Reads("LogFile.Open(string)", path => LogFile.Open(path + ".h5")),
        Bad<ArgumentNullException>("LogFile.Open(string)", "no path", () => LogFile.Open(null!), "path"),
        Bad<ArgumentException>("LogFile.Open(string)", "another ending", () => LogFile.Open("log.xlsx"), "log.xlsx", ".csv, .tsv"),
        Bad<ArgumentNullException>("LogFile.HoldsTransitions(IDataView)", "null", () => LogFile.HoldsTransitions(null!), "view"),
        Bad<ArgumentNullException>(Ends, "no log", () => LogFile.Ends(null!, "a0 > 1"), "transitions"),
        Bad<ArgumentException>(Ends, "no transitions", () => LogFile.Ends(Log.Ramp(3), "x > 1"), "no transitions"),
        Bad<ArgumentNullException>(Ends, "null", () => LogFile.Ends(Log.Transitions(2), null!), "formula"),
        Bad<ArgumentNullException>(Earns, "null", () => LogFile.Earns(Log.Transitions(2), null!), "formula"),
        Bad<ArgumentException>(Ends, "no condition", () => LogFile.Ends(Log.Transitions(2), " "), "formula"),
        Bad<ArgumentException>(Ends, "half of one", () => LogFile.Ends(Log.Transitions(2), "a0 >"), "'a0 >'"),
        Bad<ArgumentNullException>(Earns, "no log", () => LogFile.Earns(null!, "a0"), "transitions"),
        Bad<ArgumentException>(Earns, "no transitions", () => LogFile.Earns(Log.Ramp(3), "x"), "no transitions"),
        Bad<ArgumentException>(Earns, "half of one", () => LogFile.Earns(Log.Transitions(2), "a0 +"), "'a0 +'"),
        Bad<ArgumentNullException>(Read, "no path", () => LogFile.Read(null!), "path"),
        Bad<FileNotFoundException>(Read, "no such file", () => LogFile.Read("missing.csv"), "missing.csv"),
        Bad<ArgumentException>(Read, "another ending", () => LogFile.Read("log.xlsx"), "log.xlsx"),
        Option<ArgumentNullException>("Observe", "null", options => options.Observe = null!, "Observe"),
        Option<ArgumentException>("Observe", "none", options => options.Observe = [], "Observe"),
        Option<ArgumentOutOfRangeException>("Observe", "no such column", options => options.Observe = ["y"], "no column 'y'"),
        Option<ArgumentNullException>("Act", "null", options => options.Act = null!, "Act"),
        Option<ArgumentException>("Act", "none", options => options.Act = [], "Act"),
        Option<ArgumentNullException>("SetPoints", "null", options => options.SetPoints = null!, "SetPoints"),
        Option<ArgumentException>("SetPoints", "used twice", options => options.SetPoints = ["x"], "'x' is used"),
        Option<ArgumentException>("Reward", "none", options => options.Reward = null, "Reward"),
        Option<ArgumentException>("Reward", "no formula", options => options.Reward = "x +", "'x +'"),
        Option<ArgumentOutOfRangeException>("Time", "no such column", options => options.Time = "s", "no column 's'"),
        Option<ArgumentOutOfRangeException>("Episode", "no such column", options => options.Episode = "s", "no column 's'"),
        Option<ArgumentException>("TimeRestarts", "a clock that goes back and may not", options => options.Time = "back", "let TimeRestarts begin"),
        Option<ArgumentException>("TimeRestarts", "no times", options => options.TimeRestarts = true, "TimeRestarts needs Time"),
        Option<ArgumentOutOfRangeException>("Tolerance", "negative", options => options.Tolerance = -0.1, "Tolerance", "-0.1"),
        Option<ArgumentOutOfRangeException>("Tolerance", "more than a half", options => options.Tolerance = 0.6, "Tolerance", "0.6"),
        Option<ArgumentOutOfRangeException>("Step", "0", options => options.Step = 0, "SamplingTime"),
        Option<ArgumentOutOfRangeException>("Terminated", "no such column", options => options.Terminated = "s", "no column 's'"),
        Option<ArgumentOutOfRangeException>("PastObservations", "negative", options => options.PastObservations = -1, "PastObservations", "-1"),
        Option<ArgumentOutOfRangeException>("PastActions", "negative", options => options.PastActions = -1, "PastActions", "-1"),
        Option<ArgumentException>("SkipMissing", "a missing value that is not skipped", options => (options.Observe, options.Reward) = (["gap"], "u"),
            "SkipsMissing"),
        Option<ArgumentException>("KeepConstants", "a constant that is not kept", options => (options.Observe, options.Reward) = (["still"], "u"),
            "KeepsConstants"),
        Bad<ArgumentNullException>(Write, "no transitions", () => MinariDataset.Write(null!, "never"), "transitions"),
        Bad<ArgumentNullException>(Write, "no folder", () => MinariDataset.Write(Log.Transitions(2), null!), "folder"),
        Bad<ArgumentException>(Write, "an empty folder", () => MinariDataset.Write(Log.Transitions(2), ""), "folder"),
        Bad<ArgumentException>(Write, "a space of another size", () => MinariDataset.Write(Log.Transitions(2), "never", BoxSpace.Uniform(5, 0, 1)),
            "observationSpace has 5 dimensions"),
        Bad<ArgumentOutOfRangeException>(
            Write, "no such column", () => MinariDataset.Write(Log.Transitions(2), "never", columns: new TransitionColumns { Reward = "R" }), "'R'"),
        Bad<ArgumentNullException>(Describe, "null", () => LogDescription.Of(null!), "view"),
        Bad<ArgumentException>(Describe, "no such column of times", () => LogDescription.Of(Log.Ramp(3), time: "s"), "no column 's'"),
        Bad<ArgumentException>(Describe, "no such column of episodes", () => LogDescription.Of(Log.Ramp(3), episode: "e"), "no column 'e'"),
    ];

    private static IEnumerable<TestCaseData> Rows => Table.Select(row => row.ToTest());

    [TestCaseSource(nameof(Rows))]
    public void It_is_refused(object row) => ((BadCase)row).Verify();

    [Test]
    public void Every_public_member_is_in_the_table() => SurfaceCoverage.Verify(
        typeof(LogFile).Assembly, Table, new Dictionary<string, string>
        {
            ["DatasetException.*"] = "an exception, which the readers make",
            ["ColumnDescription.*"] = "a record of results, which the library makes and only reads out",
        });

    private static IEnumerable<BadCase> Reads(string member, Action<string> read) =>
    [
        .. member.StartsWith("LogFile", StringComparison.Ordinal) ? [] : new[]
        {
            Bad<ArgumentNullException>(member, "no path", () => read(null!), "path"), Bad<ArgumentException>(member, "an empty path", () => read(""), "path"),
        },
        Bad<FileNotFoundException>(member, "no such file", () => read("missing"), "missing"),
        Bad<DatasetException>(member, "another kind of file", () => WithFile([0, 1, 2, 3, 0, 5, 6, 7], read), "file.h5"),
    ];

    private static void WithFile(byte[] bytes, Action<string> read)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["file.h5"], bytes);
        File.WriteAllBytes(folder["file.h5.h5"], bytes);
        read(folder["file.h5"]);
    }

    private static BadCase Option<TException>(string name, string what, Action<LogFile.Options> change, params string[] message)
        where TException : Exception => Bad<TException>($"Options.{name}", what, () =>
    {
        var options = new LogFile.Options { Observe = ["x"], Act = ["u"], Reward = "x" };
        change(options);
        ReadTable(options);
    }, message);

    private static void ReadTable(LogFile.Options options)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["log.csv"], "x,u,still,gap,back\n1,2,0,1,5\n2,3,0,,6\n3,4,0,3,1\n");
        LogFile.Read(folder["log.csv"], options);
    }
}
