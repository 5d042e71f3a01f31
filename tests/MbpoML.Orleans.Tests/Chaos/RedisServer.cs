using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MbpoML.Orleans.Tests.Chaos;

/// <summary>A Redis server of a test's own, on a free port, with an append-only file: what it told somebody is there after a kill.</summary>
internal sealed class RedisServer : IDisposable
{
    private const string Variable = "MBPOML_REDIS_SERVER";

    private readonly string _folder;
    private readonly int _port;
    private Process? _process;

    /// <param name="folder">Keeps the file.</param>
    public RedisServer(string folder)
    {
        (_folder, _port) = (Directory.CreateDirectory(folder).FullName, FreePort());
        Start();
    }

    /// <summary>A port that nobody uses.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The number of its process.</summary>
    public int Id => _process!.Id;

    /// <summary>Where it is.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"localhost:{_port}");

    /// <summary>Starts it, with what the file holds.</summary>
    public void Start()
    {
        var program = Environment.GetEnvironmentVariable(Variable) ?? "redis-server";
        try
        {
            _process = Process.Start(new ProcessStartInfo(
                program,
                [
                    "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--appendonly", "yes",
                    "--appendfsync", "always", "--loglevel", "warning", "--logfile", Path.Combine(_folder, "redis.log"),
                ]));
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException(
                $"The tests of the cluster need '{program}': './test.sh' installs it, and the variable {Variable} names another one.", exception);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!Answers())
        {
            if (_process!.HasExited || patience.IsCancellationRequested)
                throw new InvalidOperationException($"The Redis server does not answer: {File.ReadAllText(Path.Combine(_folder, "redis.log"))}");
            Thread.Sleep(20);
        }
    }

    /// <summary>Kills it.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    public void Dispose() => Kill();

    private bool Answers()
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", _port);
            client.GetStream().Write("PING\r\n"u8);
            var answer = new byte[5];
            client.GetStream().ReadExactly(answer);
            return answer.AsSpan().SequenceEqual("+PONG"u8);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
