using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MbpoML.Benchmarks.LivePage;

/// <summary><c>mbpo dashboard</c> in a process of its own, as a user starts it.</summary>
internal sealed partial class DashboardProcess : IDisposable
{
    private readonly Process _process;

    private DashboardProcess(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Where the page is.</summary>
    public Uri Address { get; }

    /// <summary>The most memory that it had, in MiB.</summary>
    public double PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64 / (1024.0 * 1024.0);
        }
    }

    /// <summary>Starts it and waits for its address.</summary>
    public static async Task<DashboardProcess> StartAsync(string tool, string folder, CancellationToken cancellationToken)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [tool, "dashboard", folder, "--port", "0"]) { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            if (WebAddress().Match(line) is { Success: true } found) return new DashboardProcess(process, new Uri(found.Value));
        throw new InvalidOperationException("mbpo dashboard ended without an address: build the whole solution first.");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex WebAddress();
}
