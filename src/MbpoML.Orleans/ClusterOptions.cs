using MbpoML.Experiments;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace MbpoML.Orleans;

/// <summary>A cluster: the same for all of its workers and for whoever gives it a study.</summary>
public sealed record ClusterOptions
{
    private const int ReconnectMilliseconds = 250;
    private static readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The folder that all nodes see at some path, such as a mount of NFS or SMB. Runs and checkpoints lie there, never in messages. It is made where it is
    /// missing. Required.
    /// </summary>
    public required string Store { get; init; }

    /// <summary>
    /// The Redis server, as StackExchange.Redis writes it: "host:6379,password=...". It keeps who is in the cluster, leases and journals. Default: null, no
    /// server; all work is done in one process.
    /// </summary>
    public string? Redis { get; init; }

    /// <summary>The name of the cluster: several share one Redis server. 1 to 60 letters, digits, '-' or '_'. Default: "mbpo".</summary>
    public string Name { get; init; } = "mbpo";

    /// <summary>
    /// A worker that gave no sign of life for so long has lost its runs, 1 to 600 seconds. Default: 5 s, so that a run goes on elsewhere within 10 s: workers
    /// give four signs of life in it, and a machine under full load may miss one.
    /// </summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a free slot waits before it asks again, 0.05 to 60 seconds; a study that waits asks half as often. Default: 0.5 s; a question takes
    /// some milliseconds.
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long a run rests after a failure, and while the store is full, 0 to 3600 seconds. Default: 5 s, as long as a lease.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Takes the log of Orleans. Default: null, nobody; what a person has to know is told as notes.</summary>
    public ILoggerFactory? Log { get; init; }

    /// <summary>Gives times and waits. Default: the system's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <exception cref="RunSpecException">An option cannot be used.</exception>
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Store)) throw new RunSpecException($"Store is '{Store}', but must name a folder that all nodes see.");
        if (File.Exists(Store)) throw new RunSpecException($"Store is '{Store}', which is a file, but must name a folder that all nodes see.");
        if (Name is not { Length: > 0 and <= 60 } || !Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            throw new RunSpecException($"Name is '{Name}', but must be 1 to 60 letters, digits, '-' or '_'.");
        Within(LeaseTime, nameof(LeaseTime), 1, 600);
        Within(PollInterval, nameof(PollInterval), 0.05, 60);
        Within(Pause, nameof(Pause), 0, 3600);
        if (Clock is null) throw new RunSpecException("Clock is null, but must give times; leave it out for the system's.");
        if (Redis is not null) _ = RedisOptions();
    }

    /// <summary>Makes the store where it is missing.</summary>
    /// <exception cref="RunSpecException">It cannot be made.</exception>
    internal void MakeStore()
    {
        try
        {
            Directory.CreateDirectory(Store);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunSpecException($"Store is '{Store}', which cannot be made: {exception.Message}", exception);
        }
    }

    /// <summary>How to reach the server; it may be down for a while.</summary>
    internal ConfigurationOptions RedisOptions()
    {
        ConfigurationOptions options;
        try
        {
            options = ConfigurationOptions.Parse(Redis!);
        }
        catch (ArgumentException exception)
        {
            throw new RunSpecException($"Redis is '{Redis}', but must be an address as in 'localhost:6379': {exception.Message}", exception);
        }

        if (options.EndPoints.Count == 0) throw new RunSpecException($"Redis is '{Redis}', but must be an address as in 'localhost:6379'.");
        options.AbortOnConnectFail = false;
        // The library's own rule waits longer each time, and a run that is handed over waits for the server.
        options.ReconnectRetryPolicy = new LinearRetry(ReconnectMilliseconds);
        // Each worker has several connections, and each of their heartbeats wakes the processor some times.
        options.HeartbeatInterval = _heartbeat;
        return options;
    }

    private static void Within(TimeSpan value, string name, double least, double most)
    {
        if (value.TotalSeconds < least || value.TotalSeconds > most)
            throw new RunSpecException(Invariant($"{name} is {value.TotalSeconds} s, but must be from {least} to {most} s."));
    }
}
