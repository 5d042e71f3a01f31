using System.Globalization;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Scaling;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace MbpoML.Training.Watches;

/// <content>Sensors that move for the first time after the scales of the networks were taken.</content>
internal sealed partial class DataWatch
{
    // In units of the scale: what is farther away, and what is too near to be seen.
    private const double Far = 20, Unseen = 0.05;

    // A spike in a few transitions is no sensor that woke up.
    private const double LeastShare = 0.25;

    // Before the new transitions are counted as seen. The scales were taken from others, or from an earlier part of the run.
    private void LookAtScales()
    {
        if (IsGiven(Warnings.Awakening)) return;
        var pool = _pool;
        var first = Math.Max(_asked, pool.TotalAdded - pool.Count);
        if (pool.TotalAdded - first < LeastRows) return;
        if (_algorithm.Policy is IObservationScaling { ObservationScale: { } fixedScale } && Describe(fixedScale, first, isFixed: true) is { } forPolicy &&
            IsFirst(Warnings.Awakening))
            LogAwakeningForPolicy(_logger, forPolicy);
        else if (_algorithm.Model?.Model is IObservationScaling { ObservationScale: { } modelScale } &&
            Describe(modelScale, first, isFixed: false) is { } forModel && IsFirst(Warnings.Awakening))
            LogAwakeningForModel(_logger, forModel);
    }

    // A scale of exactly 1 is that of an observation that was constant. A scale that is taken again at the next fit is told of only where it was constant:
    // there the model knows nothing.
    private string? Describe(ObservationScale scale, long first, bool isFixed)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var size = _pool.Layout.ObservationSize;
        var values = _pool.Layout.NextObservation(Rows(first, _pool.TotalAdded - first)).cpu();
        var (mean, deviation) = (scale.Mean.narrow(1, 0, size).cpu(), scale.Deviation.narrow(1, 0, size).cpu());
        var scaled = (values - mean).div(deviation).abs();
        var shares = scaled.Above(Far).to(ScalarType.Float32).mean([0L]).data<float>().ToArray();
        var largest = scaled.amax([0L]).data<float>().ToArray();
        var (lowest, highest) = (values.amin([0L]).data<float>().ToArray(), values.amax([0L]).data<float>().ToArray());
        var (means, deviations) = (mean.data<float>().ToArray(), deviation.data<float>().ToArray());
        return MessageText.Join([.. Enumerable.Range(0, size).Where(Woke).Select(Say)]);

        bool Woke(int index)
        {
            var wasConstant = deviations[index] == 1;
            var isFar = shares[index] >= LeastShare && (isFixed || wasConstant);
            // Above the rounding of the mean, but too small to be seen beside numbers of order one.
            var isUnseen = isFixed && wasConstant && largest[index] < Unseen && highest[index] - lowest[index] > 1e-6 * Math.Abs(means[index]);
            return isFar || isUnseen;
        }

        string Say(int index) => deviations[index] == 1
            ? string.Create(CultureInfo.InvariantCulture,
                $"{_observations.Tell("observation", index)} was always {means[index]:g6} and now lies between {lowest[index]:g6} and {highest[index]:g6}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{_observations.Tell("observation", index)} was {means[index]:g6} with a deviation of {deviations[index]:g3} and now lies between " +
                    $"{lowest[index]:g6} and {highest[index]:g6}");
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "An observation moves that hardly did when the policy's scales were fixed: {Observations}. StandardizeObservations takes the scales from " +
            "the first minibatch and keeps them, so the networks see this one " +
            "with a scale that is not its own. Explore until it moves (InitialExplorationSteps, logged transitions), or scale it in the environment.")]
    private static partial void LogAwakeningForPolicy(ILogger logger, string observations);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "An observation moves that never did in the transitions that the dynamics model was fitted to: {Observations}. Until its next fit the " +
            "model " +
            "gets it unscaled, and what it imagines from such states means little. " +
            "Explore until it moves (InitialExplorationSteps, logged transitions), or have the environment give it as a number of order one.")]
    private static partial void LogAwakeningForModel(ILogger logger, string observations);
}
