namespace MbpoML.Training.Watches;

/// <summary>What one imagined rollout promises, beside what the environment gave from the same start.</summary>
/// <param name="Imagined">The sum of its rewards; no number where it left the range of numbers.</param>
/// <param name="Actual">The sum of the real rewards over as many steps.</param>
/// <param name="Steps">The most steps that it may have.</param>
internal readonly record struct PromisedReturn(double Imagined, double Actual, int Steps)
{
    public double Excess => Imagined - Actual;
}
