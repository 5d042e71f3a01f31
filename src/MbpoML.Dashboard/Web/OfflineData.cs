using MbpoML.Dashboard.Files;
using MbpoML.Dashboard.Watching;

namespace MbpoML.Dashboard.Web;

/// <summary>What an offline copy holds.</summary>
/// <param name="State">Runs, options and studies.</param>
/// <param name="Series">The curves, by metric and run.</param>
/// <param name="Films">The films, by run and in its order, as addresses that hold them; null for one that is left out.</param>
/// <param name="View">What the page showed when it was copied; empty for what it shows at first.</param>
internal sealed record OfflineData(
    PageState State, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Series>> Series, IReadOnlyDictionary<string, IReadOnlyList<string?>> Films,
    string View)
{
    /// <summary>The longest view that is taken.</summary>
    public const int LongestView = 4000;

    // The file stays one that people send each other: some 15 MB at most, and films as large as that.
    private const int MostPoints = 600_000;
    private const long MostFilmBytes = 16 << 20;

    /// <summary>Gathers what is known now.</summary>
    /// <param name="watcher">Knows the runs.</param>
    /// <param name="view">What the page shows.</param>
    public static OfflineData Of(Watcher watcher, string view)
    {
        var state = watcher.State();
        string[] metrics = [.. state.Runs.SelectMany(run => run.Metrics).Distinct().Order(StringComparer.Ordinal)];
        var each = MostPoints / Math.Max(1, metrics.Length);
        return new OfflineData(state, metrics.ToDictionary(metric => metric, metric => watcher.Curves(metric, each)), FilmsOf(watcher, state), view);
    }

    private static Dictionary<string, IReadOnlyList<string?>> FilmsOf(Watcher watcher, PageState state)
    {
        var left = MostFilmBytes;
        var films = new Dictionary<string, IReadOnlyList<string?>>();
        foreach (var run in state.Runs.Where(run => run.Films.Count > 0))
            if (watcher.Find(run.Id) is { } watched)
                films.Add(run.Id, [.. watched.Films.Select(film =>
                {
                    if (GuardedFile.ReadAll(watched.Folder.Root, film.Relative, (int)left) is not { } content) return null;
                    left -= content.Length;
                    return $"data:{film.ContentType};base64,{Convert.ToBase64String(content)}";
                })]);
        return films;
    }
}
