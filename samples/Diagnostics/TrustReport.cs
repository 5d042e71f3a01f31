using MbpoML.Evaluation.Diagnostics;
using MbpoML.Theory;
using static System.FormattableString;

namespace Diagnostics;

/// <summary>Says what was measured of a model in plain sentences, and what follows for the length of rollouts.</summary>
internal static class TrustReport
{
    private const double FarOff = 0.5;              // of the standard deviation of the states

    /// <summary>How the error grows with the imagined steps, and whether the model knows it.</summary>
    public static void Growth(TextWriter output, HorizonError growth)
    {
        output.WriteLine("steps ahead   error   what the model expects (in deviations of the states)");
        for (var step = 1; step <= growth.Error.Count; step = step == 1 ? 5 : step + 5)
            output.WriteLine(Invariant($"{step,11}   {growth.Error[step - 1],5:F3}   {growth.Spread[step - 1],5:F3}"));
        output.WriteLine(Invariant($"half a deviation is reached after {growth.StepsWithin(FarOff)} steps"));
    }

    /// <summary>What the model promises beside what the environment gives.</summary>
    public static void Returns(TextWriter output, IReadOnlyList<ModelReturns> returns)
    {
        output.WriteLine("start   promised   given");
        foreach (var (start, pair) in returns.Index())
            output.WriteLine(Invariant($"{start,5}   {pair.ActualReturn + pair.Excess,8:F1}   {pair.ActualReturn,5:F1}"));
        output.WriteLine(Invariant($"mean excess {ReturnComparison.Of(returns).MeanExcess:F1}: far above zero, the policy lives on errors of the model"));
    }

    /// <summary>Whether the model's intervals hold what they say.</summary>
    public static void Calibration(TextWriter output, ModelCalibration calibration)
    {
        output.WriteLine("interval   holds");
        foreach (var (level, coverage) in calibration.Levels.Zip(calibration.Coverage))
            output.WriteLine(Invariant($"{100 * level,6:F0} %   {100 * coverage,3:F0} %"));
    }

    /// <summary>ε_m, and the longest rollouts that it allows for some shifts of the policy.</summary>
    public static void Error(TextWriter output, ModelError error, double discount)
    {
        output.WriteLine(Invariant($"model error {error.MixtureTotalVariation:F3}, between 0 and 1"));
        foreach (var shift in (double[])[0.05, 0.2, 0.5])
        {
            var length = OptimalRolloutLength.Of(error.MixtureTotalVariation, shift, discount, longest: 1000);
            output.WriteLine(Invariant($"  a policy that moved by {shift:F2} is best served by rollouts of {length} steps"));
        }
    }
}
