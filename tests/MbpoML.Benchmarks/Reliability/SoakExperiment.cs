using System.Diagnostics;
using System.Globalization;
using MbpoML.Benchmarks.Reporting;
using MbpoML.Training;
using MbpoML.Training.Outcome;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>Trains one small run after another in one process, each stopped and resumed several times, and reads at intervals what the process holds.</summary>
internal sealed class SoakExperiment(TimeSpan duration, TimeSpan interval)
{
    private const string Speed = "updates per processor second";

    private const int MeanStepsBetweenStops = 150;

    // Of the readings: caches and pools fill, code is compiled, and memory that was given back settles.
    private const double WarmUp = 0.25;

    // Change in an hour that is taken for none, as a part of the mean.
    private const double Tolerance = 0.05;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Random _random = new(1);
    private readonly List<SoakReading> _readings = [];
    private TimeSpan _processorTimeBefore;
    private long _updates, _updatesBefore;
    private int _runs, _stops;

    private bool IsOver => _clock.Elapsed >= duration;

    private static TimeSpan ProcessorTime => Environment.CpuUsage.TotalTime;

    /// <returns>The exit code: 0 when all is flat.</returns>
    public int Run()
    {
        Machine.Print();
        Console.WriteLine("| minutes | resident (MB) | managed (MB) | open files | threads | updates per processor second |");
        Console.WriteLine("|---|---|---|---|---|---|");
        (_processorTimeBefore, var folder) = (ProcessorTime, Directory.CreateTempSubdirectory("mbpoml-soak-").FullName);
        try
        {
            for (; !IsOver; _runs++) TrainOnce(Path.Combine(folder, $"run-{_runs}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return Conclude();
    }

    private void TrainOnce(string folder)
    {
        var hasEnded = false;
        while (!hasEnded && !IsOver)
        {
            using var source = new CancellationTokenSource();
            hasEnded = SoakRun.Go(folder, new Watch(this, source, _random.Next(1, 2 * MeanStepsBetweenStops)), source.Token);
            if (!hasEnded) _stops++;
        }

        Directory.Delete(folder, recursive: true);
    }

    private void ReadIfDue()
    {
        if (_clock.Elapsed < (_readings.Count + 1) * interval) return;
        var now = ProcessorTime;
        var reading = SoakReading.Take(_clock.Elapsed, _updates - _updatesBefore, now - _processorTimeBefore);
        // The collection for the reading is no part of the next interval.
        (_updatesBefore, _processorTimeBefore) = (_updates, ProcessorTime);
        _readings.Add(reading);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {60 * reading.Hours:F1} | {reading.ResidentMegabytes:F1} | {reading.ManagedMegabytes:F2} | {reading.OpenFiles:F0} | {reading.Threads:F0} | " +
                $"{reading.UpdatesPerSecond:F0} |"));
    }

    private int Conclude()
    {
        var settled = _readings.Skip((int)(WarmUp * _readings.Count)).ToArray();
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
                $"{Environment.NewLine}{_runs} runs, {_stops} stops and resumes, {_updates} policy updates in {_clock.Elapsed.TotalMinutes:F1} minutes"));
        if (settled.Length < 3)
        {
            Console.WriteLine("Too few readings for a trend: give more --minutes or a shorter --interval.");
            return 1;
        }

        var hours = settled.Select(reading => reading.Hours).ToArray();
        var table = new MarkdownTable("quantity", "mean", "slope per hour", "standard error", "in 24 hours", "verdict");
        var allFlat = true;
        foreach (var (name, quantity) in new (string, Func<SoakReading, double>)[]
        {
            ("resident (MB)", reading => reading.ResidentMegabytes), ("managed (MB)", reading => reading.ManagedMegabytes),
            ("open files", reading => reading.OpenFiles),
            ("threads", reading => reading.Threads), (Speed, reading => reading.UpdatesPerSecond),
        })
        {
            var trend = Trend.Of(hours, [.. settled.Select(quantity)]);
            // To become faster, as when another program leaves the machine, is no fault.
            var isFlat = trend.IsFlat(Tolerance) || (name == Speed && trend.PerHour > 0);
            allFlat &= isFlat;
            table.Add(
                name, MarkdownTable.Number(trend.Mean), MarkdownTable.Number(trend.PerHour), MarkdownTable.Number(trend.Error),
                MarkdownTable.Number(24 * trend.PerHour), isFlat ? (name == Speed ? "no slower" : "flat") : "not flat");
        }

        table.Print($"Trend of {settled.Length} readings; flat is what changes by less than {Tolerance:P0} in an hour, or by less than two standard errors");
        return allFlat ? 0 : 1;
    }

    /// <summary>Counts the updates of one process's part of a run, reads when it is time, and stops the run at a step.</summary>
    private sealed class Watch(SoakExperiment soak, CancellationTokenSource source, int stopAfter) : IProgress<TrainingProgress>
    {
        private int? _first;
        private int _last;

        public void Report(TrainingProgress value)
        {
            _first ??= value.Step;
            if (_last > 0 && value.Phase != TrainingPhase.Exploring) soak._updates += (long)SoakRun.UpdatesPerStep * (value.Step - _last);
            _last = value.Step;
            if (value.Phase is TrainingPhase.OptimizingPolicy) soak.ReadIfDue();
            if (value.Step - _first >= stopAfter || soak.IsOver) source.Cancel();
        }
    }
}
