using System.Diagnostics;
using System.Globalization;
using MbpoML.Benchmarks.Reporting;
using MbpoML.Training;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>
/// Kills training processes until a number of kills is survived, one run after another, and counts the runs that did not end as an undisturbed one did.
/// </summary>
/// <param name="folder">An empty one, for the checkpoints of all runs.</param>
/// <param name="kills">Processes to kill.</param>
/// <param name="steps">Environment steps of a run.</param>
/// <param name="seed">Decides the moments.</param>
/// <param name="task">What is trained on.</param>
/// <param name="algorithm">What is trained.</param>
internal sealed class KillExperiment(string folder, int kills, int steps, int seed, string task, string algorithm)
{
    // Of an undisturbed run's time, in which it takes a good part of a second to start: the longest that a process lives before it is killed.
    private const double LongestLife = 0.6;

    // Every so many kills, the moment is one at which a checkpoint is being written.
    private const int KillsPerWriting = 4;

    // Checkpoints that begin in a process before it is killed in one.
    private const int MostWritings = 6;

    private readonly Random _random = new(seed);
    private readonly SortedDictionary<string, int> _phases = [];
    private int _killed, _unfinished, _resumed, _runs, _differences;

    /// <returns>The exit code: 0 when nothing differed.</returns>
    public int Run()
    {
        Machine.Print();
        var start = Stopwatch.GetTimestamp();
        // The others have nothing that the environment could run beside.
        OverlappedStages[] variants = algorithm == KilledRunCommand.UsualAlgorithm && task != KilledRunCommand.PixelTask
            ? [OverlappedStages.None, OverlappedStages.Environment] : [OverlappedStages.None];
        var undisturbed = variants.Take(kills >= 50 ? variants.Length : 1).Select(Undisturbed).ToArray();
        while (_killed < kills || _runs == 0)
        {
            var variant = _runs % undisturbed.Length;
            Survive(Path.Combine(folder, $"run-{_runs}"), variants[variant], undisturbed[variant]);
            _runs++;
        }

        Console.WriteLine(string.Join(", ", _phases.Select(phase => string.Create(CultureInfo.InvariantCulture, $"{phase.Key} {phase.Value}"))));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_killed} kills ({_unfinished} while a checkpoint was being written), {_runs} runs, {_resumed} restarts from a checkpoint, " +
                $"{_killed - _resumed} from the beginning, {_differences} differences, {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s"));
        return _differences == 0 ? 0 : 1;
    }

    private Reference Undisturbed(OverlappedStages overlap)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = new TrainingProcess(Path.Combine(folder, $"undisturbed-{overlap}"), steps, overlap, task, algorithm);
        process.WaitForEnd();
        if (process.ExitCode != 0) throw new InvalidOperationException($"The undisturbed run ended with {process.ExitCode}: {process.LastWord}");
        var taken = Stopwatch.GetElapsedTime(start);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"An undisturbed run (overlap: {overlap}) takes {taken.TotalSeconds:F1} s."));
        return new Reference(process.Output, taken);
    }

    // Kills and restarts until the run ends by itself, or all kills are done and it may end undisturbed.
    private void Survive(string checkpoints, OverlappedStages overlap, Reference undisturbed)
    {
        Directory.CreateDirectory(checkpoints);
        while (true)
        {
            using var process = new TrainingProcess(checkpoints, steps, overlap, task, algorithm);
            if (_killed < kills && KillAtSomeTime(process, checkpoints, undisturbed.Taken)) continue;
            process.WaitForEnd();
            Compare(process, checkpoints, undisturbed);
            return;
        }
    }

    private bool KillAtSomeTime(TrainingProcess process, string checkpoints, TimeSpan undisturbed)
    {
        var begun = DateTime.UtcNow;
        if (_killed % KillsPerWriting == 0)
        {
            using var writing = new CountdownEvent(1 + _random.Next(MostWritings));
            using var watcher = new FileSystemWatcher(checkpoints, "*.unfinished") { EnableRaisingEvents = true };
            watcher.Created += (_, _) => _ = writing.IsSet || writing.Signal();
            writing.Wait(undisturbed);
        }
        else
        {
            process.WaitForEnd(_random.NextDouble() * LongestLife * undisturbed);
        }

        if (!process.Kill()) return false;
        _killed++;
        _phases[process.LastWord] = _phases.GetValueOrDefault(process.LastWord) + 1;
        // Not one that a process killed before had left.
        if (Directory.EnumerateFiles(checkpoints, "*.unfinished").Any(file => File.GetLastWriteTimeUtc(file) > begun)) _unfinished++;
        if (Checkpointing.Exists(checkpoints)) _resumed++;
        return true;
    }

    private void Compare(TrainingProcess process, string checkpoints, Reference undisturbed)
    {
        var left = Directory.EnumerateFiles(checkpoints, "*.unfinished").Count();
        if (process.ExitCode == 0 && process.Output == undisturbed.Output && left == 0) return;
        _differences++;
        Console.WriteLine($"Run {_runs}, exit code {process.ExitCode}, {left} unfinished files left, last word: {process.LastWord}");
        foreach (var line in process.Output.Split('\n').Except(undisturbed.Output.Split('\n')).Take(5)) Console.WriteLine($"  {line}");
    }

    private sealed record Reference(string Output, TimeSpan Taken);
}
