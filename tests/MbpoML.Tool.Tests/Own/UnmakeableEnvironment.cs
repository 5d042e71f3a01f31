namespace MbpoML.Tool.Tests.Own;

/// <summary>A task that its type alone does not make.</summary>
public sealed class UnmakeableEnvironment(double force) : RailEnvironment(force)
{
    public static UnmakeableEnvironment Usual() => new(0.1);
}
