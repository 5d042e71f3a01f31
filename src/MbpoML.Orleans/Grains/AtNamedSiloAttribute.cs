using Orleans.Placement;

namespace MbpoML.Orleans.Grains;

/// <summary>Puts a grain at the silo that its key names before the first '/'.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AtNamedSiloAttribute() : PlacementAttribute(new NamedSiloPlacement());
