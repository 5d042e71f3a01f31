namespace MbpoML.Orleans.Collecting;

/// <summary>Finds a collector for a simulator.</summary>
internal interface ICollectorFinder
{
    /// <summary>The collector with the most room; null where none has any.</summary>
    /// <param name="simulator">The mark of the simulator.</param>
    Task<ICollector?> FindAsync(string simulator);

    /// <summary>Whether a collector is still there, as far as the cluster knows.</summary>
    Task<bool> LivesAsync(ICollector collector);
}
