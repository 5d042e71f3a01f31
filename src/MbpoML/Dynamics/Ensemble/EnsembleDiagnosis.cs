using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>
/// Looks for what may have spoiled a fit in the transitions and the settings that it was made with, and says what helps. It names nothing that they do not
/// show.
/// </summary>
/// <param name="options">The options of the ensemble.</param>
/// <param name="targets">[rows, 1 + observation]: rewards, and changes of the observation or next observations, before any normalisation.</param>
/// <param name="inputs">[rows, observation + action], standardised.</param>
internal sealed class EnsembleDiagnosis(ProbabilisticEnsembleTrainer.Options options, Tensor targets, Tensor inputs)
{
    // Networks are made for targets of order one.
    private const double LargeTarget = 100, UnequalSizes = 100;

    // Three times the official rate.
    private const double LargeLearningRate = 3e-3;

    /// <summary>The causes that the data show, and the options that help.</summary>
    public string Describe()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var sizes = Sizes(targets);
        var largest = Array.IndexOf(sizes, sizes.Max());
        string[] causes = [.. ((string?[])
        [
            !options.TargetNormalization && sizes[largest] > LargeTarget
                ? Invariant($"{Name(largest)} is of the size {sizes[largest]:g4}, where networks expect targets of order one: set ") +
                    "ProbabilisticEnsembleTrainer.Options.TargetNormalization"
                : null,
            Outlier.Describe(targets, Name),
            Outlier.Describe(inputs, index => index < inputs.size(1) - ActionSize ? Invariant($"observation {index}")
                : Invariant($"action {index - (inputs.size(1) - ActionSize)}")),
            options.LearningRate > LargeLearningRate ? Invariant($"the LearningRate is {options.LearningRate:g3}, above the usual 0.001: lower it") : null,
        ]).OfType<string>()];
        var found = causes.Length > 0
            ? $"Likely causes: {string.Join("; ", causes)}."
            : Invariant($"The targets (of the size {sizes[largest]:g3} at most) and the LearningRate of {options.LearningRate:g3} look ordinary and do not ") +
                "explain it.";
        return found + (options.GradientClipping is { } clipping ? Invariant($" GradientClipping is {clipping:g3}: a lower one bounds the steps further.")
            : " GradientClipping bounds the steps; it is off.");
    }

    /// <summary>Why predicted variances may be far smaller than the errors.</summary>
    /// <param name="errors">[1 + observation]: root mean squared holdout errors, in the units that the networks learn.</param>
    public string DescribeVariance(double[] errors)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var worst = Array.IndexOf(errors, errors.Max());
        var sizes = Sizes(targets);
        var (smallest, largest) = (Array.IndexOf(sizes, sizes.Where(size => size > 0).DefaultIfEmpty(0).Min()), Array.IndexOf(sizes, sizes.Max()));
        var most = Math.Exp(0.5 * options.MaxLogVariance);
        string[] causes = [.. ((string?[])
        [
            errors[worst] > 3 * most
                ? Invariant($"the error of {Name(worst)} is {errors[worst]:g3}, while MaxLogVariance {options.MaxLogVariance:g3} and MinLogVariance ") +
                    Invariant($"{options.MinLogVariance:g3} let deviations begin at {most:g3} at most: raise both")
                : null,
            !options.TargetNormalization && sizes[largest] > UnequalSizes * sizes[smallest]
                ? Invariant($"{Name(largest)} is of the size {sizes[largest]:g3} and {Name(smallest)} of the size {sizes[smallest]:g3}: set ") +
                    "TargetNormalization"
                : null,
        ]).OfType<string>()];
        return causes.Length > 0
            ? $"Likely causes: {string.Join("; ", causes)}."
            : Invariant($"The targets (of the size {sizes[largest]:g3} at most) look ordinary. More transitions, or fewer optimizer steps a fit, make the ") +
                "members less sure.";
    }

    private int ActionSize => (int)(inputs.size(1) - (targets.size(1) - 1));

    private string Name(int output) => output == 0 ? "the reward" : options.Target == DynamicsTarget.Delta
        ? Invariant($"the change of observation {output - 1}") : Invariant($"next observation {output - 1}");

    private static double[] Sizes(Tensor values) => values.to(ScalarType.Float64).Squared().mean([0L]).sqrt().cpu().data<double>().ToArray();
}
