using System.Net;

namespace MbpoML.Dashboard;

/// <summary>What a page of runs shows, where it listens, and how much it reads.</summary>
public sealed class DashboardOptions
{
    /// <summary>The fewest characters of a token that somebody chose.</summary>
    internal const int ShortestToken = 16;

    // Longer ones do not fit into an address that people copy.
    private const int LongestToken = 200;

    /// <summary>
    /// Folders of runs or studies, or folders that hold some, at most four levels deep. Those that come later appear by themselves. Required.
    /// </summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>
    /// The address that the server listens on: "localhost", or an IP address, as in "0.0.0.0" for all of IPv4. Default: "127.0.0.1", this machine alone.
    /// </summary>
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>The port, from 0 to 65,535; 0 takes a free one. Default: 8765.</summary>
    public int Port { get; init; } = 8765;

    /// <summary>
    /// What a viewer has to know, 16 to 200 letters, digits, '-' or '_'. Default: null, none where only this machine can reach the server, and a random
    /// one of 256 bits elsewhere.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>
    /// Names by which browsers may call the server, besides "localhost" and any IP address, as in "gpu-7.example.org". A page of another name is refused,
    /// so that no foreign site can point its own name here. Default: none.
    /// </summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Time between two looks at the files while somebody watches, from 50 milliseconds to a minute. Default: half a second.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// Time between two searches for new runs while somebody watches, at least <see cref="PollInterval"/>, at most an hour. Default: 3 seconds.
    /// </summary>
    public TimeSpan ScanInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The most runs that are shown, from 1 to 10,000; the page says where there are more. Default: 1000.</summary>
    public int MaxRuns { get; init; } = 1000;

    /// <summary>The most bytes that are read of the metrics of one run, from 1 KiB to 1 GiB. Default: 64 MiB.</summary>
    public long MaxMetricsBytes { get; init; } = 64L << 20;

    /// <summary>The most numbers that are kept of all runs together, 12 bytes each, from 1000 to a hundred million. Default: ten million.</summary>
    public long MaxValues { get; init; } = 10_000_000;

    /// <summary>The most browsers that watch at once, from 1 to 1000. Default: 32.</summary>
    public int MaxViewers { get; init; } = 32;

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The address that <see cref="Bind"/> means.</summary>
    internal IPAddress Address => Bind == "localhost" ? IPAddress.Loopback : IPAddress.Parse(Bind);

    /// <summary>Whether a viewer must know a token.</summary>
    internal bool NeedsToken => Token is not null || !IPAddress.IsLoopback(Address);

    /// <exception cref="ArgumentException">An option is out of its range, or a path is no folder.</exception>
    internal void Validate()
    {
        if (Paths is null || Paths.Count == 0) throw new ArgumentException("Paths is empty, but must name at least one folder.");
        foreach (var path in Paths)
            if (string.IsNullOrWhiteSpace(path) || !Directory.Exists(path))
                throw new ArgumentException($"Paths has '{path}', but there is no such folder. Name a folder of runs, or one that holds some.");
        if (Bind is null || (Bind != "localhost" && !IPAddress.TryParse(Bind, out _)))
            throw new ArgumentException($"Bind is '{Bind}', but must be localhost or an IP address, as in 127.0.0.1 or 0.0.0.0.");
        Within(nameof(Port), Port, 0, 65_535);
        if (Token is not null && !IsToken(Token))
            throw new ArgumentException(
                Invariant($"Token has {Token.Length} characters, but must have {ShortestToken} to {LongestToken}: letters, digits, '-' or '_'."));
        if (HostNames is null || HostNames.Any(name => Uri.CheckHostName(name) == UriHostNameType.Unknown))
            throw new ArgumentException(
                $"HostNames has '{string.Join("', '", HostNames ?? [])}', but each must be the name of a machine, as in gpu-7.example.org.");
        if (Clock is null) throw new ArgumentException("Clock is null, but must be a clock, as in TimeProvider.System.");
        Within(nameof(PollInterval), PollInterval.TotalSeconds, 0.05, 60);
        Within(nameof(ScanInterval), ScanInterval.TotalSeconds, PollInterval.TotalSeconds, 3600);
        Within(nameof(MaxRuns), MaxRuns, 1, 10_000);
        Within(nameof(MaxMetricsBytes), MaxMetricsBytes, 1 << 10, 1 << 30);
        Within(nameof(MaxValues), MaxValues, 1000, 100_000_000);
        Within(nameof(MaxViewers), MaxViewers, 1, 1000);
    }

    private static bool IsToken(string text) =>
        text.Length is >= ShortestToken and <= LongestToken && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    private static void Within(string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most)) throw new ArgumentException(Invariant($"{name} is {value}, but must be from {least} to {most}."));
    }
}
