using System.CommandLine;
using MbpoML.Orleans;

namespace MbpoML.Tool.Commands;

/// <summary>The options by which commands name a cluster.</summary>
internal sealed class ClusterOptionSet
{
    private readonly Option<string?> _redis = new("--redis")
    {
        Description = "The Redis server of the cluster, as in redis.example:6379 or redis.example:6379,password=SECRET.",
    };

    private readonly Option<string?> _store = new("--store") { Description = "A folder that all machines of the cluster see, for runs and checkpoints." };

    private readonly Option<string> _name = new("--cluster-name")
    {
        Description = "The name of the cluster, where several share a server.",
        DefaultValueFactory = _ => "mbpo",
    };

    private readonly Option<double> _lease = new("--lease")
    {
        Description = "Seconds without a sign of life after which a run is given to another worker, the same for all.",
        DefaultValueFactory = _ => 5,
    };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_redis, _store, _name, _lease];

    /// <summary>Those of commands that keep nothing in the store.</summary>
    public IEnumerable<Option> WithoutStore => [_redis, _name, _lease];

    /// <summary>Whether a server was named.</summary>
    public bool HasServer(ParseResult parsed) => parsed.GetValue(_redis) is not null;

    /// <summary>Refuses what can be refused before anything is written.</summary>
    /// <exception cref="UsageException">The time of a lease is none.</exception>
    public void Check(ParseResult parsed)
    {
        if (parsed.GetValue(_lease) is var seconds && seconds is not (> 0 and <= 600))
            throw new UsageException(Invariant($"--lease is {seconds}, but must be above 0 and at most 600 seconds."));
    }

    /// <summary>What the command line says.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="store">The store where none was named; null where one must be.</param>
    /// <exception cref="UsageException">Something is missing, or the time of a lease is none.</exception>
    public ClusterOptions Read(ParseResult parsed, string? store)
    {
        Check(parsed);
        return new ClusterOptions
        {
            Redis = parsed.GetValue(_redis),
            Store = parsed.GetValue(_store) ?? store ?? throw new UsageException("Name the folder that all machines see with --store."),
            Name = parsed.GetValue(_name)!,
            LeaseTime = TimeSpan.FromSeconds(parsed.GetValue(_lease)),
        };
    }
}
