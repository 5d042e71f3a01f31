namespace MbpoML.Tool.Tests.Own;

/// <summary>A task whose simulator cannot be reached.</summary>
public sealed class ThrowingEnvironment : RailEnvironment
{
    public ThrowingEnvironment() => throw new InvalidOperationException("No simulator answers at [::1]:5000.");
}
