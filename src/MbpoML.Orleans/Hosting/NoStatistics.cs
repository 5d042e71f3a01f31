using Orleans.Statistics;

namespace MbpoML.Orleans.Hosting;

/// <summary>
/// Measures no load. That of Orleans listens to all events of the runtime and takes its counters each second. Runs are asked for by those that have a free
/// slot, so that nobody places anything by load.
/// </summary>
internal sealed class NoStatistics : IEnvironmentStatisticsProvider
{
    /// <inheritdoc/>
    public EnvironmentStatistics GetEnvironmentStatistics() => default;
}
