namespace MbpoML.Environments;

/// <summary>Ways to make an <see cref="ITerminationFunction"/>.</summary>
public static class TerminationFunction
{
}
