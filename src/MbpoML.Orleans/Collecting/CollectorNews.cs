namespace MbpoML.Orleans.Collecting;

/// <summary>A worker that steps simulators, as it tells of itself.</summary>
/// <param name="Worker">The name of the worker.</param>
/// <param name="Silo">The address of the worker's silo in the cluster.</param>
/// <param name="Seats">The number of simulators that the worker may step.</param>
/// <param name="Taken">The number of simulators that it steps now.</param>
[GenerateSerializer]
internal sealed record CollectorNews(
    [property: Id(0)] string Worker, [property: Id(1)] string Silo, [property: Id(2)] int Seats, [property: Id(3)] int Taken);
