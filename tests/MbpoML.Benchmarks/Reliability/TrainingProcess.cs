using System.Diagnostics;
using System.Globalization;
using MbpoML.Training;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>The small run of <see cref="KilledRun"/> in a process of its own.</summary>
internal sealed class TrainingProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    public TrainingProcess(string folder, int steps, OverlappedStages overlap, string task, string algorithm)
    {
        string[] arguments = [KilledRunCommand.Name, folder, KilledRunCommand.Steps, steps.ToString(CultureInfo.InvariantCulture), KilledRunCommand.Overlap,
            overlap.ToString(), KilledRunCommand.Task, task, KilledRunCommand.Algorithm, algorithm];
        // This program as it was started itself: by its own executable, or by 'dotnet' with the assembly as argument.
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(program, isHost ? [typeof(TrainingProcess).Assembly.Location, .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        (_output, _errors) = (_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
    }

    /// <summary>The exit code; the process has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What the run came to; the process has ended.</summary>
    public string Output => _output.Result;

    /// <summary>What it said last on the error stream: its phase, or an error.</summary>
    public string LastWord => _errors.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault("starting");

    /// <summary>Waits for its end.</summary>
    public void WaitForEnd() => _process.WaitForExit();

    /// <summary>Waits for its end, but no longer than that.</summary>
    public bool WaitForEnd(TimeSpan most) => _process.WaitForExit(most);

    /// <summary>Ends it as a power cut would, without a word to it (SIGKILL).</summary>
    /// <returns>Whether it was still running.</returns>
    public bool Kill()
    {
        var wasRunning = !_process.HasExited;
        _process.Kill();
        _process.WaitForExit();
        return wasRunning && _process.ExitCode != 0;
    }

    public void Dispose() => _process.Dispose();
}
