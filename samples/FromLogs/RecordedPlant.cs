using System.Globalization;
using System.IO.Compression;
using MbpoML.Data;

namespace FromLogs;

/// <summary>Reads recordings of a real TCLab: one row a second with heaters, temperatures and set points of several controllers.</summary>
/// <remarks>Columns: experiment, second, heater_1, heater_2 (%), temperature_1, temperature_2 (°C), setpoint_1, setpoint_2 (°C).</remarks>
public static class RecordedPlant
{
    // A controller that misses its set points by more than this, in squared degrees, had run away and must not be imitated.
    private const double RunAway = 100;

    /// <summary>The transitions of a folder's closed-loop recordings, every 10 s, of the controllers that held their set points.</summary>
    /// <param name="folder">Has tclab_cl.csv or tclab_cl.csv.gz, and perhaps tclab_cl_dist.</param>
    /// <param name="told">Receives a line for each experiment.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyList<Transition> Read(string folder, Action<string> told)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "tclab_cl*.csv*").Order(StringComparer.Ordinal)];
        if (files.Length == 0) throw new FileNotFoundException($"There is no tclab_cl.csv or tclab_cl.csv.gz in '{folder}'.");
        var transitions = new List<Transition>();
        foreach (var file in files)
            foreach (var experiment in Rows(file).GroupBy(row => row.Experiment))
                Add(transitions, $"{Path.GetFileName(file)}, {experiment.Key}", [.. experiment.Select(row => row.Values)], told);
        return transitions;
    }

    private static void Add(List<Transition> transitions, string name, double[][] rows, Action<string> told)
    {
        var error = rows.Average(row => (Squared(row[4] - row[2]) + Squared(row[5] - row[3])) / 2);
        var isKept = error <= RunAway;
        told(string.Create(CultureInfo.InvariantCulture, $"{name}: mean squared error {error:F1} K²{(isKept ? "" : ", left out: it had run away")}"));
        if (!isKept) return;
        // Heaters, temperatures, set points of every tenth second; the heater of a step is that of its first second.
        double[][] sampled = [.. rows.Where((_, second) => second % ThermalPlant.StepLength == 0)];
        for (var step = 1; step + 1 < sampled.Length; step++)
        {
            var (before, now, next) = (sampled[step - 1], sampled[step], sampled[step + 1]);
            transitions.Add(new Transition
            {
                Observation = Observation(now, before),
                Action = [(float)now[0], (float)now[1]],
                Reward = (float)ThermalPlant.Reward(now[4] - next[2], now[5] - next[3], now[0], now[1]),
                NextObservation = Observation(next, now),
                Truncated = step + 2 == sampled.Length,
            });
        }
    }

    private static float[] Observation(double[] row, double[] before) =>
        [(float)row[2], (float)row[3], (float)row[4], (float)row[5], (float)before[0], (float)before[1]];

    private static IEnumerable<(string Experiment, double[] Values)> Rows(string file)
    {
        using var stream = File.OpenRead(file);
        using Stream plain = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        using var reader = new StreamReader(plain);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            yield return (cells[0], [.. cells.Skip(2).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))]);
        }
    }

    private static double Squared(double value) => value * value;
}
