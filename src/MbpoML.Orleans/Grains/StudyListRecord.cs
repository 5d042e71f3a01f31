namespace MbpoML.Orleans.Grains;

/// <summary>The names of the studies of the cluster.</summary>
internal sealed record StudyListRecord
{
    /// <summary>The names, in order.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
}
