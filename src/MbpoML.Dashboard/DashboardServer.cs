using System.Net;
using System.Security.Cryptography;
using MbpoML.Dashboard.Watching;
using MbpoML.Dashboard.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MbpoML.Dashboard;

/// <summary>A page of runs that follows them while they go. It reads the folders, writes nothing to them, and loads nothing from elsewhere.</summary>
public sealed class DashboardServer : IAsyncDisposable
{
    private const int MostConnections = 256;
    private const int TokenBytes = 32;

    private readonly WebApplication _application;
    private readonly Watcher _watcher;

    private DashboardServer(WebApplication application, Watcher watcher, Uri address, string? token) =>
        (_application, _watcher, Address, Token) = (application, watcher, address, token);

    /// <summary>The address of the page, without the token.</summary>
    public Uri Address { get; }

    /// <summary>What a viewer has to know; null where nothing is asked.</summary>
    public string? Token { get; }

    /// <summary>The address to open: with the token, where one is needed. The page takes it out of the address at once.</summary>
    public Uri AddressToOpen => Token is null ? Address : new Uri(Address, $"?token={Token}");

    /// <summary>Starts a server that shows runs in a browser.</summary>
    /// <param name="options">What it shows and where it listens.</param>
    /// <param name="cancellationToken">Cancels the start; a server that runs goes on.</param>
    /// <returns>The server, which listens until it is disposed.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or a path is no folder.</exception>
    /// <exception cref="IOException">The port is taken, or the machine does not have the address.</exception>
    public static async Task<DashboardServer> StartAsync(DashboardOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var token = options.Token ?? (options.NeedsToken ? NewToken() : null);
        var watcher = new Watcher(options);
        var application = Build(options);
        try
        {
            var gate = new Gate(NamesOf(options), token);
            var answers = new Answers(watcher, options.Clock, application.Lifetime.ApplicationStopping);
            application.Run(async context =>
            {
                Answers.AddHeaders(context.Response.Headers);
                if (await gate.LetInAsync(context).ConfigureAwait(false)) await answers.AnswerAsync(context).ConfigureAwait(false);
            });
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            return new DashboardServer(application, watcher, AddressOf(application, options), token);
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            await watcher.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops listening and reading; browsers say that the connection is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        await _watcher.DisposeAsync().ConfigureAwait(false);
    }

    // Nothing of the environment and no file of settings may open another port.
    private static WebApplication Build(DashboardOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            (server.Limits.MaxConcurrentConnections, server.Limits.MaxRequestBodySize) = (MostConnections, 0);
            if (options.Bind == "localhost" && options.Port != 0) server.ListenLocalhost(options.Port);
            else server.Listen(options.Address, options.Port);
        });
        return builder.Build();
    }

    private static Uri AddressOf(WebApplication application, DashboardOptions options)
    {
        var bound = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var isAny = options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any);
        return new UriBuilder("http", isAny ? Dns.GetHostName() : bound.Host, bound.Port).Uri;
    }

    // Where others reach it, the machine goes by its own name, too.
    private static IEnumerable<string> NamesOf(DashboardOptions options) =>
        IPAddress.IsLoopback(options.Address) ? options.HostNames : options.HostNames.Append(Dns.GetHostName());

    private static string NewToken()
    {
#pragma warning disable RS0030 // A token that could be foretold would keep nobody out; no result depends on it.
        return Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
#pragma warning restore RS0030
    }
}
