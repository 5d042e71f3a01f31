using System.Diagnostics;
using System.Globalization;
using MbpoML.Benchmarks.Reporting;
using Microsoft.Playwright;

namespace MbpoML.Benchmarks.LivePage;

/// <summary>
/// How long the page of many runs takes to open: from the address to curves of all of them on the screen. Then epochs are written, one after another, and
/// each is waited for.
/// </summary>
/// <param name="runs">Runs on the page.</param>
/// <param name="epochs">Epochs of each.</param>
/// <param name="times">How often it is opened, and how many epochs come in then.</param>
internal sealed class LivePageExperiment(int runs, int epochs, int times)
{
    private const string Chromium = "MBPOML_CHROMIUM";

    private static string Tool => Path.Combine(
        AppContext.BaseDirectory.Replace(Path.Combine("tests", "MbpoML.Benchmarks"), Path.Combine("src", "MbpoML.Tool"), StringComparison.Ordinal), "mbpo.dll");

    // Every run is listed, and the first chart has the curves of all settings.
    private string IsOpen => string.Create(
        CultureInfo.InvariantCulture,
        $"document.documentElement.dataset.ready === '1' && document.querySelectorAll('#runs li').length === {runs}" +
        $" && document.querySelector('#returns .card:not([hidden]) .plot')?.dataset.curves === '{ManyRuns.Settings(runs)}'");

    /// <returns>0 where all of <see cref="LivePageBars"/> hold, else 1.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Machine.Print();
        var folder = Directory.CreateTempSubdirectory("mbpoml-live-").FullName;
        try
        {
            var written = new ManyRuns(folder, epochs);
            for (var run = 0; run < runs; run++) written.Write(run);
            using var server = await DashboardProcess.StartAsync(Tool, folder, cancellationToken);
            using var playwright = await Playwright.CreateAsync();
            await using var browser = await playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = Environment.GetEnvironmentVariable(Chromium) ?? "/usr/bin/chromium",
                Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-precise-memory-info"],
            });
            var opened = new List<double>();
            for (var time = 0; time < times; time++) opened.Add(await OpenAsync(browser, server.Address, cancellationToken));
            var page = await browser.NewPageAsync();
            await page.GotoAsync(server.Address.ToString());
            await UntilAsync(page, IsOpen, cancellationToken);
            var shown = new List<double>();
            for (var time = 0; time < times; time++) shown.Add(await ShownAsync(page, written, time, cancellationToken));
            var heap = await page.EvaluateAsync<double>("performance.memory.usedJSHeapSize / 1048576");

            var table = new MarkdownTable("what", "first", "median", "longest");
            Add(table, "page is open, s", opened);
            Add(table, "new epoch is shown, s", shown);
            table.Print(string.Create(CultureInfo.InvariantCulture, $"{runs} runs of {epochs} epochs, {written.Bytes / 1e6:F0} MB of metrics"));
            var memory = server.PeakMemory;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Environment.NewLine}memory: at most {memory:F0} MiB in the server; {heap:F0} MiB of the page's scripts"));
            string[] missed = [.. LivePageBars.Missed((runs, epochs), opened, shown, memory)];
            foreach (var sentence in missed) Console.WriteLine(sentence);
            return missed.Length == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A context of its own each time: nothing is in the browser's cache.
    private async Task<double> OpenAsync(IBrowser browser, Uri address, CancellationToken cancellationToken)
    {
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        var start = Stopwatch.GetTimestamp();
        await page.GotoAsync(address.ToString(), new() { WaitUntil = WaitUntilState.Commit });
        await UntilAsync(page, IsOpen, cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private async Task<double> ShownAsync(IPage page, ManyRuns written, int time, CancellationToken cancellationToken)
    {
        // The page looks at fixed moments, and epochs come in at any time between.
        await Task.Delay(TimeSpan.FromMilliseconds(300 + (137 * time % 500)), cancellationToken);
        var (run, value) = (time % runs, 1000 + time);
        var start = Stopwatch.GetTimestamp();
        written.Add(run, written.NextStep + (time / runs), value);
        await UntilAsync(
            page,
            string.Create(
                CultureInfo.InvariantCulture,
                $"[...document.querySelectorAll('#runs li')].some(one => one.textContent.includes('{ManyRuns.Name(run)}')" +
                $" && one.textContent.replaceAll(/[^0-9a-z ]/g, '').includes('return {value}'))"),
            cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task UntilAsync(IPage page, string expression, CancellationToken cancellationToken)
    {
        while (!await page.EvaluateAsync<bool>(expression)) await Task.Delay(10, cancellationToken);
    }

    private static void Add(MarkdownTable table, string what, List<double> seconds) => table.Add(
        what, MarkdownTable.Number(seconds[0]), MarkdownTable.Number(seconds.Order().ElementAt(seconds.Count / 2)), MarkdownTable.Number(seconds.Max()));
}
