using System.Globalization;
using MbpoML.Dynamics.Metrics;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>Finds fits that went wrong: numbers that are not finite, and a predicted variance that collapsed.</summary>
internal static class EnsembleGuard
{
    // Fewer holdout values than this say too little about an interval.
    private const int LeastValues = 1000;

    // Nine of ten values are to be inside; with less than one of a hundred, at variances that cannot become smaller, the ensemble is certain of what is wrong.
    private const double CollapsedCoverage = 0.01, CollapsedShare = 0.9;
    private const float NearBound = 1;

    /// <summary>After an epoch. One member that is not finite spoils all, through the bounds of the log variance that they share.</summary>
    public static void CheckLoss(double loss, int epoch, long steps, Func<EnsembleDiagnosis> diagnosis)
    {
        if (!double.IsFinite(loss))
            throw Fault(DynamicsMetricNames.TrainLoss, loss, steps,
                string.Create(CultureInfo.InvariantCulture, $"the training loss of epoch {epoch} is {loss}"), diagnosis);
    }

    /// <summary>After a fit: one sum over all weights.</summary>
    public static void CheckWeights(Tensor flat, long steps, Func<EnsembleDiagnosis> diagnosis)
    {
        using var noGradient = no_grad();
        using var total = flat.sum();
        var sum = total.item<float>();
        if (!float.IsFinite(sum))
            throw Fault("sum of the ensemble's weights", sum, steps,
                string.Create(CultureInfo.InvariantCulture, $"the sum of the weights is {sum}"), diagnosis);
    }

    /// <summary>After a fit: nearly no holdout value is inside its interval, and nearly all variances are at their lower bound.</summary>
    /// <remarks>
    /// One of the two alone is healthy: the variance of a task without noise goes to the bound, and that of a hard one is too small for a while.
    /// </remarks>
    public static void CheckVariance(EnsembleModel model, DynamicsMetrics metrics, Tensor holdoutInputs, Func<EnsembleDiagnosis> diagnosis)
    {
        var outputs = metrics.Mixture.Outputs;
        var coverage = outputs.Average(output => output.Coverage90);
        if (metrics.RowCount * outputs.Count < LeastValues || coverage >= CollapsedCoverage) return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var share = model.Elites.Average(
            elite => model.LogVarianceAboveBound(elite, holdoutInputs).AtMost(NearBound).to(ScalarType.Float64).mean().item<double>());
        if (share < CollapsedShare) return;
        throw new LearningException(
            DynamicsMetricNames.HoldoutCoverage90, coverage,
            string.Create(CultureInfo.InvariantCulture,
                $"The dynamics ensemble's variance collapsed: {share:p0} of the predicted variances are at their lower bound, and only {coverage:p1} of the ") +
            $"holdout values lie inside their 90 % intervals. {diagnosis().DescribeVariance(LearnedErrors(model, outputs))}");
    }

    /// <summary>An error that names the quantity, what the transitions show, and what to do.</summary>
    public static LearningException Fault(string quantity, double value, long steps, string what, Func<EnsembleDiagnosis> diagnosis) => new(
        quantity, value, string.Create(
            CultureInfo.InvariantCulture, $"The dynamics ensemble diverged after {steps} optimizer steps: {what}. {diagnosis().Describe()}"));

    // In the units in which the networks learn.
    private static double[] LearnedErrors(EnsembleModel model, IReadOnlyList<OutputMetrics> outputs)
    {
        var units = model.Codec.Scale is { } scale ? scale.Deviation.cpu().data<float>().ToArray() : null;
        return [.. outputs.Select((output, index) => Math.Sqrt(output.MeanSquaredError) / (units?[index] ?? 1))];
    }
}
