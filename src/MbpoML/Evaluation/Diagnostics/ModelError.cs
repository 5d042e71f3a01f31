using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>The one-step error of a model on transitions, in the form that the bounds take.</summary>
/// <remarks>
/// The total variation distance between a simulator without noise and any model is 1, which says nothing. Both distances here are therefore those after normal
/// noise of a chosen scale u was added to what happened, y, and to what the model says. They lie between 0 and 1, and their absolute values depend on the
/// scale. Of an environment with noise of its own only one draw is known at each transition, so that both are then too large rather than too small.
/// </remarks>
/// <param name="MeanTotalVariation">
/// The mean over transitions of the distance between N(y, u²) and N(m, u²), with m the mean of the elites' mixture: 2 Φ(d / 2) − 1, with d the length of m
/// − y in units of the scale. It orders models and states as the error of their mean does, and knows nothing of the model's variance.
/// </param>
/// <param name="RootMeanSquare">The root of the mean square error over transitions, reward and dimensions, in units of the scale.</param>
/// <param name="NegativeLogLikelihood">
/// The mean over transitions of -log p(reward, change of observation), in nats, of the normal distribution with mean and variance of the elites' mixture.
/// Rollouts draw from the mixture itself.
/// </param>
/// <param name="Scale">[observation + 1]: the reward's scale, then each dimension's.</param>
/// <param name="MixtureTotalVariation">
/// ε_m of the return bounds: the mean over transitions of the distance between N(y, u²) and the mixture over the elites e of N(μ_e, σ_e² + u²), which is
/// what rollouts draw from. An integral over draws (<see cref="MixtureDistance"/>), whose standard error is at most 0.18 / √transitions.
/// </param>
public sealed record ModelError(
    double MeanTotalVariation, double RootMeanSquare, double NegativeLogLikelihood, IReadOnlyList<double> Scale, double MixtureTotalVariation)
{
    private const int BlockRows = 8192;

    internal static ModelError Measure(IEnsembleDynamicsModel model, TransitionTable table, IReadOnlyList<double>? scale)
    {
        CheckLayout(model, table);
        var outputs = table.Layout.ObservationSize + 1;
        if (scale is not null && (scale.Count != outputs || scale.Any(value => !(value > 0 && double.IsFinite(value)))))
            throw new ArgumentException(
                Invariant($"The scale is [{Listed.Of(scale)}], but must be {outputs} finite numbers above 0: of the reward, then of each observation."),
                nameof(scale));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var unit = scale is null ? tensor(UsualScale(table)) : tensor(scale.ToArray());
        var sums = zeros(4, ScalarType.Float64);
        using var distance = new MixtureDistance();
        for (var start = 0L; start < table.Count; start += BlockRows)
        {
            using var block = NewDisposeScope();
            sums.AddInPlace(Sums(model, table.Layout, table.Rows.narrow(0, start, Math.Min(BlockRows, table.Count - start)), unit, distance));
        }

        var means = sums.Over(table.Count).data<double>().ToArray();
        return new ModelError(means[0], Math.Sqrt(means[1]), means[2], unit.data<double>().ToArray(), means[3]);
    }

    /// <summary>Refuses transitions of another task.</summary>
    /// <exception cref="ArgumentException">Sizes differ.</exception>
    internal static void CheckLayout(IDynamicsModel model, TransitionTable table)
    {
        if (table.Layout != model.Layout)
            throw new ArgumentException(
                Invariant($"The transitions have {table.Layout.ObservationSize} observations and {table.Layout.ActionSize} actions, but the model was ") +
                    Invariant($"fitted on {model.Layout.ObservationSize} and {model.Layout.ActionSize}."),
                nameof(table));
    }

    /// <summary>
    /// [observation + 1]: the standard deviations of reward and changes in some transitions; 1 where all are the same up to the rounding of the observation
    /// itself (<see cref="UnitDeviation"/>).
    /// </summary>
    internal static double[] UsualScale(TransitionTable table)
    {
        using var scope = NewDisposeScope();
        var (layout, rows) = (table.Layout, table.Rows);
        var (reward, before, after) = (layout.Reward(rows).unsqueeze(1), layout.Observation(rows), layout.NextObservation(rows));
        var changes = cat([reward, after - before], 1).to(ScalarType.Float64);
        var largest = cat([reward.abs().amax([0L]), maximum(before.abs(), after.abs()).amax([0L])]);
        return UnitDeviation.Of(changes, largest).data<double>().ToArray();
    }

    // Distance, square of the error, likelihood and distance of the mixture, summed over rows.
    private static Tensor Sums(IEnsembleDynamicsModel model, TransitionLayout layout, Tensor rows, Tensor unit, MixtureDistance mixture)
    {
        var (observation, action, outcome) = (layout.Observation(rows), layout.Action(rows), TargetCodec.Outcomes(layout, rows).to(ScalarType.Float64));
        var (mean, deviation) = model.Predict(observation, action);
        var (means, deviations) = model.PredictMembers(observation, action);
        var error = mean.to(ScalarType.Float64) - outcome;
        var (scaled, score) = (error.div(unit), error.div(deviation.to(ScalarType.Float64)));
        var distance = scaled.Squared().sum([1L]).sqrt();
        var likelihood = deviation.to(ScalarType.Float64).log().Plus(score.Squared().Times(0.5)).Plus(0.5 * Math.Log(2 * Math.PI)).sum([1L]);
        // 2 Φ(d / 2) - 1 = erf(d / √8).
        var whole = mixture.Of((means.to(ScalarType.Float64) - outcome).div(unit), deviations.to(ScalarType.Float64).div(unit));
        return stack([distance.Over(Math.Sqrt(8)).erf().sum(), scaled.Squared().mean([1L]).sum(), likelihood.sum(), whole.sum()]);
    }
}
