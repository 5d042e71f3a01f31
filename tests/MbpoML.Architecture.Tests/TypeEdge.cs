namespace MbpoML.Architecture.Tests;

/// <summary>A type that knows another one: inherits, declares, calls or is decorated with it. Nested types count as the type around them.</summary>
/// <param name="From">The full name of the type that knows.</param>
/// <param name="To">The full name of the type that is known.</param>
public sealed record TypeEdge(string From, string To)
{
    public override string ToString() => $"{From} -> {To}";
}
