using MbpoML.Dashboard.Watching;
using MbpoML.Dashboard.Web;
using MbpoML.Training.Checkpoints;

namespace MbpoML.Dashboard;

/// <summary>The page of runs as one HTML file, which holds data, scripts and styles, and opens without a server and without the internet.</summary>
public static class OfflineCopy
{
    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="path">The file, usually with the ending .html; an older one is replaced.</param>
    /// <param name="options">What it shows; where to listen plays no part.</param>
    /// <returns>The number of runs in it.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or a path is no folder.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static async Task<int> WriteAsync(string path, DashboardOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var watcher = new Watcher(options);
        await using (watcher.ConfigureAwait(false))
        {
            var data = OfflineData.Of(watcher, "");
            AtomicFile.Write(path, stream => PageText.WriteOfflineAsync(stream, data, CancellationToken.None).GetAwaiter().GetResult());
            return data.State.Runs.Count;
        }
    }
}
