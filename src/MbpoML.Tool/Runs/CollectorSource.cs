using MbpoML.Orleans;

namespace MbpoML.Tool.Runs;

/// <summary>Where runs get their steps from, where it is not from environments of their own.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Worker">A worker in this process; null where workers are elsewhere.</param>
internal sealed record CollectorSource(ClusterOptions Cluster, WorkerOptions? Worker);
