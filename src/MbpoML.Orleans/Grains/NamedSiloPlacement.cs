namespace MbpoML.Orleans.Grains;

/// <summary>The rule of <see cref="AtNamedSiloAttribute"/>.</summary>
[GenerateSerializer]
internal sealed class NamedSiloPlacement : PlacementStrategy;
