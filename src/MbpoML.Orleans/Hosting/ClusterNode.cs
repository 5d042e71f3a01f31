using System.Net;
using System.Net.Sockets;
using MbpoML.Experiments.Tasks;
using MbpoML.Orleans.Collecting;
using MbpoML.Orleans.Grains;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Statistics;

namespace MbpoML.Orleans.Hosting;

/// <summary>This process as a part of a cluster: a silo, which holds grains, or a client, which only calls them.</summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    // Measured: with these a silo that was killed is found in about 3 s, where the defaults take 6 to 12 s.
    private static readonly TimeSpan _probe = TimeSpan.FromSeconds(1), _refresh = TimeSpan.FromSeconds(2), _tableRefresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _responseTimeout = TimeSpan.FromSeconds(10), _stop = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _load = TimeSpan.FromMinutes(1);
    private const int MissedProbes = 2;

    // A silo is dead by two votes. One that asks a silo through another one, and gets no answer, has both.
    private const int ProbedSilos = 2;

    private readonly IHost _host;

    private ClusterNode(IHost host, FatalErrors fatal) => (_host, Fatal) = (host, fatal);

    /// <summary>The way to the grains.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>The address of the silo; empty for a client.</summary>
    public string Silo => _host.Services.GetService<ILocalSiloDetails>()?.SiloAddress.ToParsableString() ?? "";

    /// <summary>The places of this worker for simulators.</summary>
    public CollectorSeats Seats => _host.Services.GetRequiredService<CollectorSeats>();

    /// <summary>Whether the silo can go on.</summary>
    public FatalErrors Fatal { get; }

    /// <summary>Starts a silo.</summary>
    public static async Task<ClusterNode> StartSiloAsync(ClusterOptions cluster, WorkerOptions worker, CancellationToken cancellationToken)
    {
        var fatal = new FatalErrors();
        var builder = Builder(cluster);
        builder.UseOrleans(silo =>
        {
            var (siloPort, gatewayPort) = (Free(worker.SiloPort), Free(worker.GatewayPort));
            if (cluster.Redis is null)
            {
                silo.UseLocalhostClustering(siloPort, gatewayPort, primarySiloEndpoint: null, cluster.Name, cluster.Name);
                silo.AddMemoryGrainStorageAsDefault();
            }
            else
            {
                silo.UseRedisClustering(redis => redis.ConfigurationOptions = cluster.RedisOptions());
                silo.AddRedisGrainStorageAsDefault(redis =>
                {
                    redis.ConfigurationOptions = cluster.RedisOptions();
                    redis.DeleteStateOnClear = true;
                });
                silo.ConfigureEndpoints(AddressOf(cluster, worker), siloPort, gatewayPort);
                silo.Configure<global::Orleans.Configuration.ClusterOptions>(names => (names.ClusterId, names.ServiceId) = (cluster.Name, cluster.Name));
            }

            silo.Configure<ClusterMembershipOptions>(members =>
            {
                (members.ProbeTimeout, members.NumMissedProbesLimit, members.TableRefreshTimeout) = (_probe, MissedProbes, _tableRefresh);
                // By default healthy silos ask each other twice as often, and each asks all others.
                // With the loads below, that was a third of what an idle worker took among four.
                (members.MinProbeTimeout, members.NumProbedSilos) = (_probe, ProbedSilos);
                // After a failure of all machines the new silos do not wait long for those in the table.
                members.IAmAliveTablePublishTimeout = _refresh;
            });
            // By default each silo tells all others its load each second. Runs are asked for, so that nobody needs to know it.
            silo.Configure<DeploymentLoadPublisherOptions>(load => load.DeploymentLoadPublisherRefreshTime = _load);
            silo.Configure<SiloMessagingOptions>(messages => messages.ResponseTimeout = _responseTimeout);
            silo.Services.AddSingleton<TimeProvider>(new SiloClock(TimeProvider.System));
            silo.Services.AddSingleton<IEnvironmentStatisticsProvider, NoStatistics>();
            // By default grains are placed by load.
            silo.Services.AddSingleton<PlacementStrategy, RandomPlacement>();
            silo.Services.AddSingleton<IFatalErrorHandler>(fatal);
            silo.Services.AddSingleton(new LeaseSettings(cluster.LeaseTime, cluster.Pause, cluster.Clock));
            silo.Services.AddSingleton<TaskCatalog>(worker.Executor.Tasks);
            silo.Services.AddSingleton(new CollectorSeats(worker.Collectors));
            silo.AddPlacementDirector<NamedSiloPlacement, NamedSiloDirector>();
        });
        return await StartAsync(builder, fatal, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts a client, as soon as there is somebody to answer.</summary>
    /// <param name="cluster">The server, the name and the times of the cluster.</param>
    /// <param name="silent">Is told why nobody answers, each time that it was tried.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static Task<ClusterNode> StartClientAsync(ClusterOptions cluster, Action<Exception> silent, CancellationToken cancellationToken)
    {
        var builder = Builder(cluster);
        builder.UseOrleansClient(client =>
        {
            client.UseRedisClustering(redis => redis.ConfigurationOptions = cluster.RedisOptions());
            client.Configure<global::Orleans.Configuration.ClusterOptions>(names => (names.ClusterId, names.ServiceId) = (cluster.Name, cluster.Name));
            client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = _refresh);
            client.Configure<ClientMessagingOptions>(messages => messages.ResponseTimeout = _responseTimeout);
            client.UseConnectionRetryFilter(async (exception, token) =>
            {
                silent(exception);
                await Task.Delay(_refresh, cluster.Clock, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return !token.IsCancellationRequested;
            });
        });
        return StartAsync(builder, new FatalErrors(), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Without the server and the others a silo tries for minutes to say good-bye: nobody waits for that.</remarks>
    public async ValueTask DisposeAsync() => await Task.WhenAny(Task.Run(EndAsync), Task.Delay(2 * _stop)).ConfigureAwait(false);

    private async Task EndAsync()
    {
        using var patience = new CancellationTokenSource(_stop);
        try
        {
            await _host.StopAsync(patience.Token).ConfigureAwait(false);
            if (_host is IAsyncDisposable host) await host.DisposeAsync().ConfigureAwait(false);
            else _host.Dispose();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Who cannot say good-bye goes without.
        }
    }

    private static HostApplicationBuilder Builder(ClusterOptions cluster)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, QuietLifetime>());
        builder.Services.Replace(ServiceDescriptor.Singleton(cluster.Log ?? NullLoggerFactory.Instance));
        return builder;
    }

    private static async Task<ClusterNode> StartAsync(HostApplicationBuilder builder, FatalErrors fatal, CancellationToken cancellationToken)
    {
        var node = new ClusterNode(builder.Build(), fatal);
        try
        {
            await node._host.StartAsync(cancellationToken).ConfigureAwait(false);
            return node;
        }
        catch
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static IPAddress AddressOf(ClusterOptions cluster, WorkerOptions worker)
    {
        if (worker.Address is { } given) return IPAddress.Parse(given);
        if (cluster.RedisOptions().EndPoints.All(IsHere)) return IPAddress.Loopback;
        var own = Dns.GetHostAddresses(Dns.GetHostName());
        return Array.Find(own, address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)) ?? IPAddress.Loopback;
    }

    private static bool IsHere(EndPoint server) => server switch
    {
        DnsEndPoint named => named.Host == "localhost",
        IPEndPoint numbered => IPAddress.IsLoopback(numbered.Address),
        _ => true,
    };

    private static int Free(int port)
    {
        if (port != 0) return port;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
