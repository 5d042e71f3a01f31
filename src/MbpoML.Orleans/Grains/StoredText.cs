namespace MbpoML.Orleans.Grains;

/// <summary>What the storage keeps of a grain: JSON of its record, so that neither names nor versions of types are in the storage.</summary>
[GenerateSerializer]
internal sealed class StoredText
{
    /// <summary>The JSON; null before the first record.</summary>
    [Id(0)]
    public string? Json { get; set; }
}
