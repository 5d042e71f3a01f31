using MbpoML.Dynamics.Ensemble;
using MbpoML.Imagination;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Extensions.Tests;

/// <summary>
/// The gate of MACURA (ICML 2024, arXiv:2405.19014): rollouts end where the members disagree more than usual. Disagreement is the Bhattacharyya distance of the
/// members' normal distributions, averaged over their pairs; what is usual is the mean of a quantile at the starts over all times at which rollouts were
/// branched.
/// </summary>
/// <param name="factor">ξ</param>
/// <param name="quantile">ζ, from 0 to 1</param>
internal sealed class BhattacharyyaGate(double factor, double quantile) : IRolloutRule, ISaved
{
    private readonly List<double> _usual = [];
    private bool _isFirst;

    public string Name => "gate";

    /// <summary>κ: the most disagreement with which a rollout goes on.</summary>
    public double Threshold => _usual.Average();

    public IReadOnlyList<double> Usual => _usual;

    public void Begin(long rollouts) => _isFirst = true;

    public RolloutVerdict Judge(RolloutStep step)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var distance = Distance((IEnsembleDynamicsModel)step.Model, step.Observation, step.Action);
        // All starts come first.
        if (_isFirst && step.Index == 0) _usual.Add(factor * Quantile(distance));
        _isFirst = false;
        var isCertain = (distance < Threshold).MoveToOuterDisposeScope();
        // The first uncertain step is not kept; one that ends the task is.
        return new RolloutVerdict(isCertain, isCertain.logical_or(step.Terminated).MoveToOuterDisposeScope());
    }

    /// <returns>[batch]</returns>
    public static Tensor Distance(IEnsembleDynamicsModel model, Tensor observation, Tensor action)
    {
        var (mean, deviation) = model.PredictMembers(observation, action);
        var sum = zeros(observation.size(0));
        for (var one = 0; one < model.EliteCount; one++)
        {
            for (var other = 0; other < one; other++)
            {
                var variances = deviation[one].square() + deviation[other].square();
                var means = (mean[one] - mean[other]).square() / (4 * variances);
                sum += (means + (0.5 * (variances / (2 * deviation[one] * deviation[other])).log())).sum(1);
            }
        }

        return sum / (model.EliteCount * (model.EliteCount - 1) / 2);
    }

    public void Save(IStateWriter to) => to.Add("usual", [.. _usual]);

    public void Restore(IStateReader from)
    {
        var usual = from.Doubles("usual");
        if (!usual.All(double.IsFinite)) throw from.Damaged("the gate remembers what is no number");
        _usual.Clear();
        _usual.AddRange(usual);
    }

    private double Quantile(Tensor values)
    {
        float[] sorted = [.. values.data<float>().ToArray().Order()];
        return sorted[(int)(quantile * (sorted.Length - 1))];
    }
}
