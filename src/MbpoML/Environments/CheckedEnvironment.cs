namespace MbpoML.Environments;

/// <summary>Wraps any environment and checks every call.</summary>
public sealed class CheckedEnvironment
{
}
