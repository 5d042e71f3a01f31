using Microsoft.Playwright;

namespace MbpoML.Dashboard.Tests.Browser;

/// <summary>A page of the browser with all errors that it reported: of scripts, and of its policy.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private readonly List<string> _errors = [];

    public OpenPage(IPage page)
    {
        Page = page;
        page.PageError += OnPageError;
        page.Console += OnConsole;
        page.Dialog += OnDialog;
        page.Request += OnRequest;
    }

    public IPage Page { get; }

    /// <summary>Every address that it asked for.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Opens an address and waits until the page shows what it knows.</summary>
    public async Task GoAsync(Uri address)
    {
        await Page.GotoAsync(address.ToString());
        await Page.WaitForSelectorAsync("html[data-ready='1']", new() { State = WaitForSelectorState.Attached });
    }

    /// <summary>Waits until an expression of the page is true. Playwright's own waiting evaluates texts inside the page, which its policy forbids.</summary>
    public async Task UntilAsync(string expression)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (!await Page.EvaluateAsync<bool>(expression))
        {
            Assert.That(patience.IsCancellationRequested, Is.False, $"It did not become true: {expression}");
            await Task.Delay(_pause);
        }
    }

    /// <summary>Waits until a chart of a section has curves: its empty frame comes first.</summary>
    public Task UntilCurvesAsync(string section) =>
        UntilAsync($"[...document.querySelectorAll('#{section} .card:not([hidden]) .plot')].some(plot => Number(plot.dataset.curves) > 0)");

    /// <summary>What a button saves.</summary>
    public async Task<byte[]> SavedAsync(ILocator button)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => button.ClickAsync());
        return await File.ReadAllBytesAsync((await download.PathAsync())!);
    }

    public void MustHaveNoErrors() => Assert.That(_errors, Is.Empty);

    public async ValueTask DisposeAsync()
    {
        Page.PageError -= OnPageError;
        Page.Console -= OnConsole;
        Page.Dialog -= OnDialog;
        Page.Request -= OnRequest;
        await Page.GotoAsync("about:blank");
    }

    private void OnPageError(object? sender, string error) => _errors.Add(error);

    private void OnConsole(object? sender, IConsoleMessage message)
    {
        if (message.Type == "error") _errors.Add(message.Text);
    }

    private void OnDialog(object? sender, IDialog dialog)
    {
        _errors.Add($"A dialog opened: {dialog.Message}");
        _ = dialog.DismissAsync();
    }

    private void OnRequest(object? sender, IRequest request) => Requests.Add(request.Url);
}
