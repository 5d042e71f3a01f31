using MbpoML.Numerics.Kernels;
using MbpoML.Policies;
using MbpoML.Theory;
using static TorchSharp.torch;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>
/// How far a policy is from another on some states: the divergence D_KL(π ‖ π_D), in nats, and what it says of the total variation distance ε_π.
/// </summary>
/// <remarks>
/// The squashing of actions changes both distributions alike and no divergence, so it is computed from the normal distributions before it, exactly.
/// </remarks>
/// <param name="MeanDivergence">The mean over states: the x-axis of the talk's picture of generalization.</param>
/// <param name="LargestDivergence">The largest of these divergences over the states.</param>
/// <param name="MeanTotalVariation">The mean over states of Pinsker's bound, which the measured schedules use as ε_π.</param>
/// <param name="LargestTotalVariation">Pinsker's bound at the state where it is largest, as the theorems ask for.</param>
public sealed record PolicyShift(double MeanDivergence, double LargestDivergence, double MeanTotalVariation, double LargestTotalVariation)
{
    internal static PolicyShift Measure(PolicyTransformer policy, PolicyTransformer collecting, Tensor observations)
    {
        if (policy.ObservationSize != collecting.ObservationSize || policy.ActionSpace.Size != collecting.ActionSpace.Size)
            throw new ArgumentException(
                Invariant($"The policies have {policy.ObservationSize} and {collecting.ObservationSize} observations, {policy.ActionSpace.Size} and ") +
                    Invariant($"{collecting.ActionSpace.Size} actions, but must be of one task."),
                nameof(collecting));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (mean, log) = policy.Distribution(observations);
        var (otherMean, otherLog) = collecting.Distribution(observations);
        double[] divergences = [.. Divergence(mean, log, otherMean, otherLog).data<double>()];
        double[] distances = [.. divergences.Select(divergence => TotalVariation.FromDivergence(Math.Max(0, divergence)))];
        return new PolicyShift(divergences.Average(), divergences.Max(), distances.Average(), distances.Max());
    }

    // Of normal distributions with independent dimensions, in double precision: [rows].
    private static Tensor Divergence(Tensor mean, Tensor log, Tensor otherMean, Tensor otherLog)
    {
        var (ratio, shift) = (log.to(ScalarType.Float64) - otherLog.to(ScalarType.Float64), mean.to(ScalarType.Float64) - otherMean.to(ScalarType.Float64));
        var relative = shift.div(otherLog.to(ScalarType.Float64).exp());
        return ratio.Times(2).exp().Plus(relative.mul(relative)).Plus(-1).Times(0.5).Plus(ratio.neg()).sum([1L]);
    }
}
