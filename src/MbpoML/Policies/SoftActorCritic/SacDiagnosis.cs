using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Scaling;
using static TorchSharp.torch;

namespace MbpoML.Policies.SoftActorCritic;

/// <summary>
/// Looks for what may have spoiled a learner in the minibatch and the settings that it learned from, and says what helps. It names nothing that they do not
/// show.
/// </summary>
internal static class SacDiagnosis
{
    // Networks, Adam and the entropy's coefficient are made for numbers of order one; these are far from it.
    private const double LargeObservation = 100, LargeReward = 100, LargeAction = 2, FarFromScale = 20;

    // Three times the official rate.
    private const double LargeLearningRate = 1e-3;

    /// <summary>The causes that the data show, and the options that help.</summary>
    /// <param name="settings">The settings of the learner.</param>
    /// <param name="scales">How observations are standardised, where they are.</param>
    /// <param name="actions">The actions' scaling.</param>
    /// <param name="rows">[batch, width]: a minibatch of the updates that failed, environment units.</param>
    public static string Describe(SacSettings settings, Standardizer scales, ActionScaling actions, Tensor rows)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var observation = settings.Layout.Observation(rows);
        var reward = settings.RewardScale * settings.Layout.Reward(rows).to(ScalarType.Float64).abs().max().item<double>();
        var sizes = Sizes(settings.StandardizeObservations ? scales.Apply(observation) : observation);
        var largest = Largest(sizes);
        string[] causes = [.. ((string?[])
        [
            settings.StandardizeObservations ? OfScale(sizes, largest) : OfObservation(observation, sizes, largest),
            OfReward(settings, reward),
            OfAction(Sizes(actions.Scale(settings.Layout.Action(rows)))),
            settings.LearningRate > LargeLearningRate ? Invariant($"the LearningRate is {settings.LearningRate:g3}, above the usual 0.0003: lower it") : null,
        ]).OfType<string>()];
        var found = causes.Length > 0
            ? $"Likely causes: {string.Join("; ", causes)}."
            : Invariant($"The observations (of the size {sizes[largest]:g3} at most), the scaled rewards ({reward:g3} at most) and the LearningRate of ") +
                Invariant($"{settings.LearningRate:g3} look ordinary and do not explain it.");
        return found + (settings.GradientClipping is { } clipping ? Invariant($" GradientClipping is {clipping:g3}: a lower one bounds the steps further.")
            : " GradientClipping bounds the steps; it is off.");
    }

    private static string? OfObservation(Tensor observation, double[] sizes, int largest)
    {
        if (!(sizes[largest] > LargeObservation)) return null;
        var values = observation.select(1, largest).to(ScalarType.Float64);
        var mean = values.mean().item<double>();
        var deviation = Math.Sqrt(values.Plus(-mean).Squared().mean().item<double>());
        var others = sizes.Count(size => size > LargeObservation) - 1;
        return Invariant($"observation {largest} is of the size {sizes[largest]:g4} (mean {mean:g6}, deviation {deviation:g3})") +
            (others > 0 ? Invariant($", and {others} more are above {LargeObservation}") : "") +
            ", where networks expect numbers of order one: set SoftActorCriticTrainer.Options.StandardizeObservations, or have the environment subtract an " +
            "offset and use another unit";
    }

    private static string? OfScale(double[] sizes, int largest) => sizes[largest] > FarFromScale
        ? Invariant($"observation {largest} lies {sizes[largest]:g3} deviations from the mean that StandardizeObservations took from the first minibatch, ") +
            "in which it hardly moved: " +
            "explore until it moves (InitialExplorationSteps, logged transitions), or scale it in the environment"
        : null;

    private static string? OfReward(SacSettings settings, double reward) => reward > LargeReward
        ? Invariant($"rewards reach {reward / settings.RewardScale:g4} (times a RewardScale of {settings.RewardScale:g3}), where order one is expected: ") +
            "lower RewardScale"
        : null;

    private static string? OfAction(double[] sizes)
    {
        var largest = Largest(sizes);
        return sizes[largest] > LargeAction
            ? Invariant($"action {largest} is {sizes[largest]:g3} times as large as its bounds allow: give the transitions' actions in the units of the ") +
                "ActionSpace" : null;
    }

    private static double[] Sizes(Tensor values) => values.to(ScalarType.Float64).Squared().mean([0L]).sqrt().cpu().data<double>().ToArray();

    private static int Largest(double[] sizes) => Array.IndexOf(sizes, sizes.Max());
}
