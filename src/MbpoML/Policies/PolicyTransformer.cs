namespace MbpoML.Policies;

/// <summary>A fitted policy.</summary>
public sealed class PolicyTransformer
{
}
