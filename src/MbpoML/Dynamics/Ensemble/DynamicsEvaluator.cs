using MbpoML.Data;
using MbpoML.Dynamics.Metrics;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>Measures an ensemble's predictions against transitions.</summary>
internal static class DynamicsEvaluator
{
    private const int BlockRows = 8192;

    // Half widths of the central intervals of a normal distribution, in standard deviations.
    private const double Half50 = 0.6744897501960817;
    private const double Half90 = 1.6448536269514722;
    private const double Half95 = 1.959963984540054;

    /// <summary>Evaluates every member and the mixture of the elites.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">[rows, <see cref="TransitionLayout.Width"/>], at least one.</param>
    public static DynamicsMetrics Evaluate(EnsembleModel model, Tensor rows)
    {
        int[] everyMember = [.. Enumerable.Range(0, model.Network.MemberCount)];
        return Evaluate(model.Layout, everyMember.Length, rows, (observation, action) =>
            (model.PredictMembers(observation, action, everyMember), model.Predict(observation, action)));
    }

    /// <summary>Evaluates the members and the mixture of an ensemble.</summary>
    /// <param name="layout">The sizes of the transitions.</param>
    /// <param name="members">The number of members.</param>
    /// <param name="rows">[rows, <see cref="TransitionLayout.Width"/>], at least one.</param>
    /// <param name="predict">
    /// What the members, [members, batch, 1 + observation], and their mixture, [batch, 1 + observation], say of observations and actions: means and standard
    /// deviations.
    /// </param>
    public static DynamicsMetrics Evaluate(
        TransitionLayout layout, int members, Tensor rows,
        Func<Tensor, Tensor, ((Tensor Mean, Tensor Deviation) Members, (Tensor Mean, Tensor Deviation) Mixture)> predict)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var count = rows.size(0);
        var outputs = 1 + layout.ObservationSize;
        var memberSums = zeros([5, members, outputs], ScalarType.Float64);
        var mixtureSums = zeros([5, 1, outputs], ScalarType.Float64);
        for (var start = 0L; start < count; start += BlockRows)
        {
            using var block = NewDisposeScope();
            var part = rows.narrow(0, start, Math.Min(BlockRows, count - start));
            var truth = TargetCodec.Outcomes(layout, part).to(ScalarType.Float64);
            var (ofMembers, (mean, deviation)) = predict(layout.Observation(part), layout.Action(part));
            memberSums.AddInPlace(Sums(ofMembers, truth));
            mixtureSums.AddInPlace(Sums((mean.unsqueeze(0), deviation.unsqueeze(0)), truth));
        }
        return new DynamicsMetrics(count, ToMetrics(mixtureSums.Over(count))[0], ToMetrics(memberSums.Over(count)));
    }

    // [5, predictors, outputs]: squared error, negative log-likelihood and the three coverages, summed over rows.
    private static Tensor Sums((Tensor Mean, Tensor Deviation) prediction, Tensor truth)
    {
        var deviation = prediction.Deviation.to(ScalarType.Float64, CPU);
        var error = prediction.Mean.to(ScalarType.Float64, CPU) - truth.cpu();
        var score = (error / deviation).abs();
        var likelihood = deviation.log().Plus(score.Squared().Over(2)).Plus(Math.Log(2 * Math.PI) / 2);
        Tensor[] quantities = [error.Squared(), likelihood, .. new[] { Half50, Half90, Half95 }.Select(half => score.AtMost(half).to(ScalarType.Float64))];
        return stack(quantities.Select(quantity => quantity.sum([1L])));
    }

    private static PredictionMetrics[] ToMetrics(Tensor means)
    {
        var (predictors, outputs) = ((int)means.size(1), (int)means.size(2));
        var values = means.contiguous().data<double>().ToArray();
        double At(int quantity, int predictor, int output) => values[(((quantity * predictors) + predictor) * outputs) + output];
        return
        [
            .. Enumerable.Range(0, predictors).Select(p => new PredictionMetrics(
                [.. Enumerable.Range(0, outputs).Select(o => new OutputMetrics(At(0, p, o), At(1, p, o), At(2, p, o), At(3, p, o), At(4, p, o)))])),
        ];
    }
}
