using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>Whether a model knows how uncertain it is after one step: the share of what really happened that lies inside its central intervals.</summary>
/// <remarks>
/// For each transition and output u = F(y), with F the distribution function of the mixture of the elites' normal distributions, which is what rollouts draw
/// from; the central interval of level p holds y where |2 u − 1| ≤ p. Of a calibrated model u is uniform and the share is p (A. P. Dawid, "The prequential
/// approach", 1984).
/// </remarks>
/// <param name="Levels">p, ascending, between 0 and 1.</param>
/// <param name="Coverage">[levels]: the share of all transitions and outputs inside the interval of each level; below the level where the model is too sure of
/// itself.</param>
/// <param name="CoverageOfOutputs">The same for the reward and then for each dimension of the next observation, [1 + observation][levels].</param>
/// <param name="Transitions">The number of transitions measured on.</param>
public sealed record ModelCalibration(
    IReadOnlyList<double> Levels, IReadOnlyList<double> Coverage, IReadOnlyList<IReadOnlyList<double>> CoverageOfOutputs, long Transitions)
{
    private const int BlockRows = 8192;

    /// <summary>The mean over levels of |coverage − level|: 0 of a calibrated model, at most about a half.</summary>
    public double Error => Levels.Zip(Coverage, (level, coverage) => Math.Abs(coverage - level)).Average();

    internal static ModelCalibration Measure(IEnsembleDynamicsModel model, TransitionTable table, int levels)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        double[] all = [.. Enumerable.Range(1, levels).Select(level => level / (levels + 1.0))];
        var limits = tensor(all).view(-1, 1, 1);
        var inside = zeros(levels, table.Layout.ObservationSize + 1, ScalarType.Float64);
        for (var start = 0L; start < table.Count; start += BlockRows)
        {
            using var block = NewDisposeScope();
            var depth = Depth(model, table.Layout, table.Rows.narrow(0, start, Math.Min(BlockRows, table.Count - start)));
            inside.AddInPlace(depth.unsqueeze(0).less_equal(limits).sum([1L], type: ScalarType.Float64));
        }

        var shares = inside.Over(table.Count);
        return new ModelCalibration(
            all, [.. shares.mean([1L]).data<double>()],
            [.. Enumerable.Range(0, (int)shares.size(1))
                .Select(output => (IReadOnlyList<double>)[.. shares.select(1, output).contiguous().data<double>()])], table.Count);
    }

    // [rows, 1 + observation]: |2 F(y) - 1|, the level of the smallest central interval that holds y.
    private static Tensor Depth(IEnsembleDynamicsModel model, TransitionLayout layout, Tensor rows)
    {
        var (means, deviations) = model.PredictMembers(layout.Observation(rows), layout.Action(rows));
        var outcome = TargetCodec.Outcomes(layout, rows).to(ScalarType.Float64);
        // 2 F(y) - 1 of a normal distribution is erf((y - μ) / (σ √2)), and that of a mixture the mean of its members'.
        return (outcome - means.to(ScalarType.Float64)).div(deviations.to(ScalarType.Float64)).Over(Math.Sqrt(2)).erf().mean([0L]).abs();
    }
}
