using System.Globalization;

namespace MbpoML.Plotting;

/// <summary>Published learning curves of the MuJoCo tasks, carried in the assembly.</summary>
/// <remarks>Where they come from: Published/SOURCE.txt, and the <see cref="PublishedAlgorithm.Source"/> of each algorithm in short.</remarks>
public static class PublishedCurves
{
    private const string Prefix = "Published.";
    private const string Suffix = ".csv";
    private const string Header = "algorithm,env_step,seeds,return_mean,return_std,wall_clock_s_mean";

    private const string Kind = "mean and population standard deviation over seeds, from the raw results";

    private static readonly PublishedSource ErlLib = new(
        "4kubo/erl_lib, results/main/gym and results/utd",
        "MIT, copyright 2024 Akihiro Kubo",
        $"MBPO, MACURA, DHMBPO, TD-MPC2 and sac-erl: {Kind} of the authors of DHMBPO (TMLR 2025) in 4kubo/erl_lib (MIT licence). Their tasks follow " +
            "Gymnasium's v4. Ant and Humanoid have truncated observations of 27 and 45 numbers, as in MBPO. Several runs of dhmbpo-utd2 shared a machine, so " +
            "that its times are upper bounds.");

    private static readonly PublishedSource SimbaV2 = new(
        "DAVIAN-Robotics/SimbaV2, results",
        "Apache License 2.0, the authors of SimbaV2",
        $"SAC, CrossQ and SimbaV2: {Kind} of the authors of SimbaV2 in DAVIAN-Robotics/SimbaV2 (Apache License 2.0). Their Humanoid has observations of 376 " +
            "numbers. Times were not recorded.");

    private static readonly PublishedSource Xqc = new(
        "danielpalenicek/xqc, results/xqc.csv",
        "MIT, copyright 2026 Daniel Palenicek",
        $"XQC: {Kind} of its authors in danielpalenicek/xqc (MIT licence). Their Humanoid has observations of 376 numbers. Times were not recorded.");

    /// <summary>The algorithms that there are curves of, in the order in which tables show them.</summary>
    public static IReadOnlyList<PublishedAlgorithm> Algorithms { get; } =
    [
        new("mbpo", "MBPO", ErlLib),
        new("macura", "MACURA", ErlLib),
        new("dhmbpo", "DHMBPO", ErlLib),
        new("dhmbpo-utd2", "DHMBPO, 2 updates a step", ErlLib),
        new("sac", "SAC", SimbaV2),
        new("crossq", "CrossQ", SimbaV2),
        new("simbav2", "SimbaV2", SimbaV2),
        new("xqc", "XQC", Xqc),
        new("tdmpc2", "TD-MPC2", ErlLib),
        new("sac-erl", "SAC of erl_lib", ErlLib),
    ];

    /// <summary>The tasks that there are curves of, as in "Hopper".</summary>
    public static IReadOnlyList<string> Tasks { get; } =
    [
        .. typeof(PublishedCurves).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal),
    ];

    /// <summary>The curves of a task, in the order of <see cref="Algorithms"/>.</summary>
    /// <param name="task">The name of a task in <see cref="Tasks"/>.</param>
    /// <exception cref="ArgumentException">There are none of this task.</exception>
    public static IReadOnlyList<PublishedCurve> Of(string task)
    {
        ArgumentException.ThrowIfNullOrEmpty(task);
        return Parse(
            Table(task) ?? throw new ArgumentException($"There are no published curves of '{task}'; there are of {string.Join(", ", Tasks)}.", nameof(task)));
    }

    /// <summary>The table as it was embedded, or null where there is none.</summary>
    internal static string? Table(string task)
    {
        using var stream = typeof(PublishedCurves).Assembly.GetManifestResourceStream($"{Prefix}{task}{Suffix}");
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Reads a table, whatever its lines end with: a checkout may have changed that.</summary>
    internal static IReadOnlyList<PublishedCurve> Parse(string table)
    {
        var lines = table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines[0] != Header) throw new FormatException($"A table of published curves begins with \"{lines[0]}\" instead of \"{Header}\".");
        var curves = lines.Skip(1).Select(line => line.Split(',')).GroupBy(cells => cells[0]).ToDictionary(curve => curve.Key, curve => curve.ToArray());
        return [.. Algorithms.Where(algorithm => curves.ContainsKey(algorithm.Name)).Select(algorithm => Curve(algorithm, curves[algorithm.Name]))];
    }

    private static PublishedCurve Curve(PublishedAlgorithm algorithm, string[][] rows) => new(
        algorithm,
        new SeedAverage(algorithm.Label, (int)Number(rows[0][2]), Column(rows, 1), Column(rows, 3), Column(rows, 4)),
        rows[0][^1].Length == 0 ? [] : Column(rows, 5));

    private static double[] Column(IEnumerable<string[]> rows, int index) => [.. rows.Select(cells => Number(cells[index]))];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
