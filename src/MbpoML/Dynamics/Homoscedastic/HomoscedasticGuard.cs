using System.Globalization;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Metrics;
using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>Finds fits that went wrong, and says what the transitions and the settings show of the cause.</summary>
/// <param name="options">The options of the ensemble.</param>
/// <param name="model">Fitted to the rows.</param>
internal sealed class HomoscedasticGuard(HomoscedasticEnsembleTrainer.Options options, HomoscedasticModel model)
{
    // Three times the default of each.
    private const double LargeLearningRate = 3e-3, LargeNoiseLearningRate = 1.5e-2;

    /// <summary>After some steps.</summary>
    /// <param name="loss">Their mean loss.</param>
    /// <param name="rows">What is learned.</param>
    /// <param name="steps">Optimizer steps taken so far.</param>
    /// <exception cref="LearningException">The loss or the sum of the weights is not finite.</exception>
    public void Check(double loss, FitRows rows, long steps)
    {
        if (!double.IsFinite(loss))
            throw Fault(DynamicsMetricNames.TrainLoss, loss, $"the training loss is {loss.ToString(CultureInfo.InvariantCulture)}", rows, steps);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var sum = model.Network.Flat.sum().item<float>() + model.Network.LogNoise.sum().item<float>();
        if (!float.IsFinite(sum))
            throw Fault("sum of the ensemble's weights", sum, $"the sum of the weights is {sum.ToString(CultureInfo.InvariantCulture)}", rows, steps);
    }

    private LearningException Fault(string quantity, double value, string what, FitRows rows, long steps) =>
        new(quantity, value, Invariant($"The homoscedastic ensemble diverged after {steps} optimizer steps: {what}. {Describe(rows)}"));

    private string Describe(FitRows rows)
    {
        using var noGradient = no_grad();
        var observations = model.Layout.ObservationSize;
        string[] causes = [.. ((string?[])
        [
            Outlier.Describe(rows.Targets, index => index == 0 ? "the reward" : Invariant($"the change of observation {index - 1}")),
            Outlier.Describe(rows.Inputs, index => index < observations ? Invariant($"observation {index}") : Invariant($"action {index - observations}")),
            options.LearningRate > LargeLearningRate ? Invariant($"the LearningRate is {options.LearningRate:g3}, above the usual 0.001: lower it") : null,
            options.NoiseLearningRate > LargeNoiseLearningRate
                ? Invariant($"the NoiseLearningRate is {options.NoiseLearningRate:g3}, above the usual 0.005: lower it") : null,
        ]).OfType<string>()];
        return causes.Length > 0
            ? $"Likely causes: {string.Join("; ", causes)}."
            : Invariant($"The transitions have no outliers, and the LearningRate of {options.LearningRate:g3} looks ordinary: they do not explain it.");
    }
}
