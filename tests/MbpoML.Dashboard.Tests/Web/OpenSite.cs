using MbpoML.Tests;

namespace MbpoML.Dashboard.Tests.Web;

/// <summary>A server on a free port with a folder of its own, and a client that follows no redirection and keeps no cookie.</summary>
internal sealed class OpenSite : IAsyncDisposable
{
    private OpenSite(TemporaryFolder folder, DashboardServer server)
    {
        (Folder, Server) = (folder, server);
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Address };
    }

    public TemporaryFolder Folder { get; }

    public DashboardServer Server { get; }

    public HttpClient Client { get; }

    public static async Task<OpenSite> StartAsync(Action<string>? fill = null, string? token = null)
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["runs"]);
        fill?.Invoke(folder["runs"]);
        return new OpenSite(folder, await DashboardServer.StartAsync(new DashboardOptions
        {
            Paths = [folder["runs"]],
            Port = 0,
            Token = token,
            PollInterval = TimeSpan.FromMilliseconds(50),
            ScanInterval = TimeSpan.FromMilliseconds(100),
        }));
    }

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        Folder.Dispose();
    }
}
