using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Imagination;
using MbpoML.Imagination.Gates;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Imagined;

/// <summary>The rule of MOPO: r - λ u(s, a), with the model's uncertainty u (arXiv:2005.13239, equation 6).</summary>
/// <param name="penalty">λ</param>
/// <param name="uncertainty">u</param>
/// <param name="standardizes">Whether u counts in units of what the log varies by, and λ in units of the deviation of the rewards.</param>
/// <param name="counted">The outputs that u is taken of.</param>
internal sealed class UncertaintyPenalty(double penalty, ModelUncertainty uncertainty, bool standardizes, CountedOutputs counted) : IRolloutRule
{
    private Tensor? _scale;
    private double _rewardScale = 1;
    private double _sum;
    private long _steps;

    public void Begin(RolloutBeginning beginning)
    {
        (_sum, _steps) = (0, 0);
        // The log stays as it is.
        if (!standardizes || _scale is not null) return;
        if (beginning.Transitions is not { Count: > 0 } transitions)
            throw new InvalidOperationException("The penalty is in units of a log, but these rollouts have none.");
        _scale = LogScales.Of(transitions).DetachFromDisposeScope();
        _rewardScale = _scale[0, 0].item<float>();
    }

    public RolloutVerdict Judge(RolloutStep step)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var size = Uncertainty(step.Model, step.Observation, step.Action, uncertainty, _scale, counted);
        var taken = size.Times(penalty * _rewardScale).to(step.Reward.device);
        _sum += taken.sum(ScalarType.Float64).item<double>();
        _steps += taken.size(0);
        return new RolloutVerdict(Reward: (step.Reward - taken).MoveToOuterDisposeScope());
    }

    public void End()
    {
    }

    public IReadOnlyDictionary<string, double> TakeMetrics() =>
        _steps == 0 ? new Dictionary<string, double>() : new Dictionary<string, double> { [OfflineMetricNames.PenaltyMean] = _sum / _steps };

    /// <summary>How unsure a model is of each row.</summary>
    /// <param name="model">An ensemble.</param>
    /// <param name="observation">[batch, observation]</param>
    /// <param name="action">[batch, action]</param>
    /// <param name="kind">What counts.</param>
    /// <param name="scale">The unit of each output, [1, 1 + observation], which also makes norms means over outputs; null: raw norms.</param>
    /// <param name="counted">The outputs that it is taken of.</param>
    /// <returns>[batch]; left to the caller's dispose scope.</returns>
    public static Tensor Uncertainty(
        IDynamicsModel model, Tensor observation, Tensor action, ModelUncertainty kind, Tensor? scale, CountedOutputs counted)
    {
        var ensemble = MemberDisagreement.Ensemble(model, "The penalty of MOPO");
        var (mean, deviation) = kind == ModelUncertainty.LargestDeviation && model is IWholeEnsemble whole
            ? whole.PredictEveryMember(observation, action) : ensemble.PredictMembers(observation, action);
        (mean, deviation, var unit) = (counted.Among(mean), counted.Among(deviation), scale is null ? null : counted.Among(scale));
        var outputs = mean.size(2);
        Tensor Scaled(Tensor value) => unit is null ? value : value / unit;
        Tensor Norm(Tensor value) => Scaled(value).Squared().sum(2).Over(unit is null ? 1 : outputs).sqrt();
        return kind switch
        {
            ModelUncertainty.LargestDeviation => Norm(deviation).amax([0L]),
            ModelUncertainty.MeanDisagreement => Norm(mean - mean.mean([0L], keepdim: true)).amax([0L]),
            _ => Scaled(mean).var(0, unbiased: false).Plus(Scaled(deviation).Squared().mean([0L])).mean([1L]).sqrt(),
        };
    }
}
