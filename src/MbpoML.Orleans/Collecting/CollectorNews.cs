namespace MbpoML.Orleans.Collecting;

/// <summary>A worker that steps simulators, as it tells of itself.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="Silo">The address of its silo.</param>
/// <param name="Seats">The simulators that it may step.</param>
/// <param name="Taken">Those that it steps now.</param>
[GenerateSerializer]
internal sealed record CollectorNews(
    [property: Id(0)] string Worker, [property: Id(1)] string Silo, [property: Id(2)] int Seats, [property: Id(3)] int Taken);
