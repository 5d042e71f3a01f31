using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient;

/// <summary>
/// Looks for what may have spoiled a learner in its start states, in the rewards that it imagined and in its settings, and says what helps. It names nothing
/// that they do not show.
/// </summary>
internal static class ValueGradientDiagnosis
{
    // In deviations of the transitions that scales were taken from; networks and models know nothing out there.
    private const double FarFromScale = 20;

    // Three times the published rate.
    private const double LargeLearningRate = 1e-3;

    private const double LargeReward = 1000;

    /// <summary>The causes that the data show, and the options that help.</summary>
    /// <param name="settings">The settings of the learner.</param>
    /// <param name="state">Its scales and the bounds of its values.</param>
    /// <param name="starts">Start states of the updates that failed, environment units: [batch, observation]</param>
    public static string Describe(ValueGradientSettings settings, ValueGradientState state, Tensor starts)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var distances = state.Observations.Apply(starts).abs().amax([0L]).cpu().data<float>().ToArray();
        var farthest = Array.IndexOf(distances, distances.Max());
        var rate = Math.Max(settings.ActorLearningRate, settings.CriticLearningRate);
        var reward = Math.Max(Math.Abs(state.Bounds.Low), Math.Abs(state.Bounds.High)) * (1 - settings.Discount);
        string[] causes = [.. ((string?[])
        [
            distances[farthest] > FarFromScale
                ? Invariant($"observation {farthest} of a start state lies {distances[farthest]:g3} deviations from the mean of the real transitions: start ") +
                    "nearer to them, or stop long rollouts earlier"
                : null,
            !double.IsFinite(reward) ? "the model imagines rewards that are not finite: look at its fit" : null,
            reward > LargeReward
                ? Invariant($"imagined rewards reach {reward:g4}, where order one is expected: give rewards in another unit, or look at the model's fit")
                : null,
            rate > LargeLearningRate ? Invariant($"a learning rate is {rate:g3}, above the usual 0.0003: lower it") : null,
        ]).OfType<string>()];
        return causes.Length > 0
            ? $"Likely causes: {string.Join("; ", causes)}."
            : Invariant($"The start states (at most {distances[farthest]:g3} deviations from the mean), the imagined rewards (of the size {reward:g3} at ") +
                Invariant($"most) and the learning rate of {rate:g3} look ordinary: ") +
                "the steps imagined from there may have left what the model knows, which a lower Horizon or a longer fit of the model helps against.";
    }
}
