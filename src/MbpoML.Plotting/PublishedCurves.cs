using System.Globalization;

namespace MbpoML.Plotting;

/// <summary>Published learning curves of the MuJoCo tasks, carried in the assembly.</summary>
/// <remarks>Where they come from: Published/SOURCE.txt, and <see cref="Source"/> in short.</remarks>
public static class PublishedCurves
{
    /// <summary>The source in one sentence, to stand below a picture or a table.</summary>
    public const string Source =
        "Published: mean and population standard deviation over seeds, computed from the raw results that the authors of DHMBPO (TMLR 2025) publish in " +
        "4kubo/erl_lib, " +
        "results/main/gym (MIT licence); tasks after Gymnasium's v4, Ant and Humanoid with truncated observations of 27 and 45 numbers, as in MBPO.";

    private const string Prefix = "Published.";
    private const string Suffix = ".csv";
    private const string Header = "algorithm,env_step,seeds,return_mean,return_std,wall_clock_s_mean";

    /// <summary>The tasks that there are curves of, as in "Hopper".</summary>
    public static IReadOnlyList<string> Tasks { get; } =
    [
        .. typeof(PublishedCurves).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal),
    ];

    /// <summary>The curves of a task: MBPO, MACURA, DHMBPO, SAC and TD-MPC2.</summary>
    /// <param name="task">One of <see cref="Tasks"/>.</param>
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
        return
        [
            .. lines.Skip(1).Select(line => line.Split(',')).GroupBy(cells => cells[0]).Select(curve => new PublishedCurve(
                new SeedAverage(curve.Key, (int)Number(curve.First()[2]), Column(curve, 1), Column(curve, 3), Column(curve, 4)),
                Column(curve, 5))),
        ];
    }

    private static double[] Column(IEnumerable<string[]> rows, int index) => [.. rows.Select(cells => Number(cells[index]))];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
