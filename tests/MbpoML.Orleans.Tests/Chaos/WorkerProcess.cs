using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MbpoML.Orleans.Tests.Chaos;

/// <summary>A worker of the tool in a process of its own.</summary>
internal sealed partial class WorkerProcess : IDisposable
{
    private const int Stop = 19, Continue = 18;

    private readonly Process _process;
    private readonly int _id;
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>The assembly of the tool that was built beside these tests.</summary>
    public static string Tool => Path.Combine(
        AppContext.BaseDirectory.Replace(Path.Combine("tests", "MbpoML.Orleans.Tests"), Path.Combine("src", "MbpoML.Tool"), StringComparison.Ordinal),
        "mbpo.dll");

    /// <param name="tool">The assembly of the tool.</param>
    /// <param name="redis">The server.</param>
    /// <param name="store">The store.</param>
    /// <param name="slots">Runs side by side.</param>
    /// <param name="more">What else is written on its command line.</param>
    public WorkerProcess(string tool, string redis, string store, int slots, params IEnumerable<string> more)
    {
        _process = Process.Start(new ProcessStartInfo(
            "dotnet", [tool, "cluster", "worker", "--redis", redis, "--store", store, "--slots", slots.ToString(CultureInfo.InvariantCulture), .. more])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;
        _id = _process.Id;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The number of its process.</summary>
    public int Id => _id;

    /// <summary>What messages call it.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{_id}");

    /// <summary>What it said.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Kills the worker; the processes of its runs end by themselves when they find that it is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Stops it as a machine that sleeps: it knows nothing of it.</summary>
    public void Sleep() => Signal(Stop);

    /// <summary>Lets it go on.</summary>
    public void Wake() => Signal(Continue);

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    // One that has ended meanwhile gets none.
    private void Signal(int signal) => _ = Send(_id, signal);

    private void Keep(string? line)
    {
        if (line is not null) _lines.Enqueue(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
