using MbpoML.Orleans.Collecting;

namespace MbpoML.Orleans.Grains;

/// <summary>The workers of the cluster that step simulators. There is one such grain, with the key <see cref="Key"/>.</summary>
[Alias("mbpo-collectors")]
internal interface ICollectorListGrain : IGrainWithStringKey
{
    /// <summary>The key.</summary>
    const string Key = "collectors";

    /// <summary>Takes a sign of life of a worker.</summary>
    [Alias("announce")]
    Task AnnounceAsync(CollectorNews news);

    /// <summary>The worker with the most room.</summary>
    /// <returns>Null where none has room.</returns>
    [Alias("find")]
    Task<CollectorNews?> FindAsync();

    /// <summary>Whether a worker gave a sign of life lately.</summary>
    [Alias("lives")]
    Task<bool> LivesAsync(string silo);
}
