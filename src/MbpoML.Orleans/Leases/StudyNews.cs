namespace MbpoML.Orleans.Leases;

/// <summary>How a study stands in the cluster.</summary>
/// <param name="Life">The mark of its folders; null where the cluster does not know the study.</param>
/// <param name="Lines">The lines of its journal behind those that the caller has.</param>
/// <param name="Busy">The runs that somebody trains now, and who.</param>
/// <param name="Rung">The rung to which trials are trained now; null for the last runs.</param>
/// <param name="Trials">The numbers of the trials that are trained now.</param>
/// <param name="Refusal">Why it cannot go on; null where it can.</param>
/// <param name="IsOther">Whether it cannot go on because the cluster has another study of its name.</param>
/// <param name="Steps">The real steps that each run has which is trained now, in the order of trials and seeds; null for none.</param>
[GenerateSerializer]
internal sealed record StudyNews(
    [property: Id(0)] string? Life, [property: Id(1)] IReadOnlyList<string> Lines, [property: Id(2)] IReadOnlyList<string> Busy,
    [property: Id(3)] int? Rung, [property: Id(4)] IReadOnlyList<int> Trials, [property: Id(5)] string? Refusal,
    [property: Id(6)] bool IsOther = false, [property: Id(7)] IReadOnlyList<long>? Steps = null)
{
    /// <summary>What is told of a study that the cluster does not know.</summary>
    public static StudyNews Unknown { get; } = new(null, [], [], null, [], null);
}
