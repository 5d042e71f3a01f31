namespace MbpoML.Orleans.Leases;

/// <summary>Who asks for work.</summary>
/// <param name="Worker">The name of the worker.</param>
/// <param name="Silo">The address of its silo in the cluster, with which it dies.</param>
[GenerateSerializer]
internal sealed record WorkerSlot([property: Id(0)] string Worker, [property: Id(1)] string Silo);
