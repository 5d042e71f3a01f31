using Microsoft.Playwright;

namespace MbpoML.Dashboard.Tests.Browser;

/// <summary>The system's Chromium, one for all tests of the page.</summary>
[SetUpFixture]
public class ChromiumOfTests
{
    private const string Variable = "MBPOML_CHROMIUM";
    private static readonly string[] _places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

    private static IPlaywright? _playwright;
    private static IBrowser? _browser;
    private static IPage? _page;

    /// <summary>The page, as if it were new: a process for each test would take most of the time. Its errors fail the test.</summary>
    internal static async Task<OpenPage> OpenAsync(int width = 1400, int height = 900, ColorScheme colors = ColorScheme.Light)
    {
        Assert.That(_page, Is.Not.Null, "the browser was not started");
        await _page!.Context.ClearCookiesAsync();
        await _page.SetViewportSizeAsync(width, height);
        await _page.EmulateMediaAsync(new() { ColorScheme = colors });
        return new OpenPage(_page);
    }

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var program = Environment.GetEnvironmentVariable(Variable) ?? _places.FirstOrDefault(File.Exists);
        Assert.That(
            program, Is.Not.Null,
            $"Chromium is missing, which the tests of the dashboard's page need: run 'apt-get install chromium', or name its program by {Variable}.");
        _playwright = await Playwright.CreateAsync();
        // Containers have no place for the sandbox of root's browser; the pages here are our own.
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        });
        _page = await _browser.NewPageAsync(new() { Locale = "de-DE" });
    }

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
