namespace MbpoML.Orleans.Leases;

/// <summary>How a study comes into the cluster, and again each time that somebody goes on with it.</summary>
/// <param name="Life">The mark of its folders, where the cluster does not know it yet.</param>
/// <param name="Journal">The lines of its journal so far.</param>
[GenerateSerializer]
internal sealed record StudyBeginning([property: Id(0)] string Life, [property: Id(1)] IReadOnlyList<string> Journal);
