namespace MbpoML.Orleans.Grains;

/// <summary>What is kept of a study.</summary>
internal sealed record StudyRecord
{
    /// <summary>The mark of its folders; null where the cluster does not know the study.</summary>
    public string? Life { get; init; }

    /// <summary>The lines of its journal.</summary>
    public IReadOnlyList<string> Journal { get; init; } = [];
}
