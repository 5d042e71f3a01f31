using System.Globalization;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MbpoML.Policies.SoftActorCritic;

/// <summary>Looks after the numbers of a learner, once for a group of updates, and keeps the last actor that was found sound.</summary>
/// <remarks>
/// A false alarm costs a run that would have learned, so the limits are far from anything that learns: see <see cref="Limit"/> and
/// <see cref="ChecksUntilCollapsed"/>. Single values are never looked at: what is not finite makes a sum that is not.
/// </remarks>
internal sealed class SacGuard : IDisposable
{
    /// <summary>How many checks in a row must find every standard deviation at its lower clip, where it has no gradient any more.</summary>
    internal const int ChecksUntilCollapsed = 10;

    // One copy costs about as much as a hundredth of an update.
    private const int UpdatesBetweenCopies = 1000;

    // So many times what rewards can add up to is exploded.
    private const double Margin = 1000;

    private readonly SacSettings _settings;
    private readonly SacState _state;
    private readonly ActionScaling _scaling;
    private readonly Tensor _soundActor;
    private readonly Tensor _largestReward;
    private readonly (string Name, Tensor Values)[] _parameters;
    private readonly double _collapsedEntropy;
    // The minibatch that was looked at last, to find causes in.
    private Tensor? _seen;
    private double _largestBonus;
    private double? _firstValue;
    private long? _copiedAt;
    private bool _suspectsCollapse;
    private int _collapsedChecks;

    public SacGuard(SacSettings settings, SacState state, ActionScaling scaling)
    {
        (_settings, _state, _scaling) = (settings, state, scaling);
        _parameters = [("actor's weights", state.Actor), ("critics' weights", state.Critics), ("target critics' weights", state.Targets),
            ("logarithm of α", state.LogAlpha)];
        _soundActor = zeros_like(state.Actor).DetachFromDisposeScope();
        _largestReward = zeros([], ScalarType.Float32, state.Device).DetachFromDisposeScope();
        // The entropy of a normal distribution of the smallest standard deviation in every dimension; half a nat more for the noise of the estimate.
        var smallest = (0.5 * Math.Log(2 * Math.PI * Math.E)) + SquashedGaussian.LogStandardDeviationLow;
        _collapsedEntropy = settings.Layout.ActionSize * (smallest + 0.5);
    }

    /// <summary>The actor to make policies of: the learner's own, or after a fault the last one that was found sound. [1, parameters]</summary>
    public Tensor Actor => HasFault ? _soundActor : _state.Actor;

    private bool HasFault { get; set; }

    private long Updates => _state.ActorOptimizer.StepCount;

    /// <summary>Looks at one minibatch of a group of updates, without waiting for the device unless something is suspicious.</summary>
    /// <param name="rows">[batch, width], environment units</param>
    /// <param name="head">The actor's output at observations: [batch, 2·action].</param>
    public void Observe(Tensor rows, Func<Tensor, Tensor> head)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        // The weights that the learner begins with, or goes on from.
        if (_copiedAt is null) KeepActor();
        if (_seen is null || _seen.size(0) != rows.size(0))
        {
            _seen?.Dispose();
            _seen = empty_like(rows).DetachFromDisposeScope();
        }

        _seen.copy_(rows);
        var reward = _settings.Layout.Reward(rows);
        _largestReward.copy_(maximum(_largestReward, maximum(reward.amax([0L]), -reward.amin([0L]))));
        if (!_suspectsCollapse) return;
        var actions = _settings.Layout.ActionSize;
        var logDeviations = head(_settings.Layout.Observation(rows)).narrow(1, actions, actions);
        var isCollapsed = logDeviations.AtMost(SquashedGaussian.LogStandardDeviationLow).all().item<bool>();
        _collapsedChecks = isCollapsed ? _collapsedChecks + 1 : 0;
    }

    /// <summary>Checks a group of updates.</summary>
    /// <param name="sums">Their metrics, summed, in the order of <see cref="SacMetrics"/>.</param>
    /// <param name="updates">How many they are.</param>
    /// <exception cref="LearningException">Something is wrong.</exception>
    public void Check(ReadOnlySpan<double> sums, long updates)
    {
        for (var metric = 0; metric < sums.Length; metric++)
            if (!double.IsFinite(sums[metric])) throw NotFinite(SacMetrics.Names[metric], sums[metric]);
        foreach (var (name, values) in _parameters)
            if (Sum(values) is var sum && !float.IsFinite(sum)) throw NotFinite($"sum of the {name}", sum);
        CheckValue(sums[SacMetrics.Value] / updates, sums, updates, Sum(_largestReward));
        CheckEntropy(sums[SacMetrics.Entropy] / updates);
        if (Updates - _copiedAt >= UpdatesBetweenCopies) KeepActor();
    }

    public void Dispose()
    {
        _soundActor.Dispose();
        _largestReward.Dispose();
        _seen?.Dispose();
    }

    private void KeepActor()
    {
        using var noGrad = no_grad();
        _soundActor.copy_(_state.Actor);
        _copiedAt = Updates;
    }

    // One pass over memory on the CPU, several times faster than a tensor operation for small networks.
    private static float Sum(Tensor values)
    {
        if (values.device_type == DeviceType.CPU) return TensorPrimitives.Sum<float>(values.Floats());
        using var sum = values.sum();
        return sum.item<float>();
    }

    private static string Text(double value) => value.ToString("g4", CultureInfo.InvariantCulture);

    private void CheckValue(double value, ReadOnlySpan<double> sums, long updates, double largestReward)
    {
        _firstValue ??= Math.Abs(value);
        _largestBonus = Math.Max(_largestBonus, Math.Abs(sums[SacMetrics.Alpha] * sums[SacMetrics.Entropy] / updates / updates));
        var limit = Limit(largestReward);
        if (Math.Abs(value) <= limit) return;
        throw Fault(
            SacMetrics.Names[SacMetrics.Value], value,
            Invariant($"the critics exploded: their mean value is {Text(value)}, beyond {Text(limit)}, while the largest reward was {Text(largestReward)} ") +
            Invariant($"and the discount is {_settings.Discount}. ") +
            "MaxAbsoluteQ moves the limit.");
    }

    // No policy earns more than the largest reward and entropy bonus at every step for ever. Weights that were just drawn may say anything, for instance where
    // observations are large.
    private double Limit(double largestReward)
    {
        if (_settings.MaxAbsoluteQ is { } limit) return limit;
        var most = (1 + (_state.RewardScale * largestReward) + _largestBonus) / (1 - _settings.Discount);
        return Margin * Math.Max(most, _firstValue ?? 0);
    }

    // A low entropy alone is no fault: actions at their bounds have one too, and come back. With a constant coefficient no entropy is asked for.
    private void CheckEntropy(double entropy)
    {
        _suspectsCollapse = _settings.EntropyCoefficient is null && _settings.TargetEntropy > _collapsedEntropy && entropy < _collapsedEntropy;
        if (!_suspectsCollapse) _collapsedChecks = 0;
        if (_collapsedChecks < ChecksUntilCollapsed) return;
        throw Fault(
            SacMetrics.Names[SacMetrics.Entropy], entropy,
            Invariant($"the policy's variance collapsed: every standard deviation is at its lower bound e^{SquashedGaussian.LogStandardDeviationLow}, from ") +
            "where no gradient leads back, so the entropy " +
            $"of {Text(entropy)} nats cannot reach the target of {Text(_settings.TargetEntropy)}. A constant EntropyCoefficient asks for no entropy.");
    }

    private LearningException NotFinite(string quantity, double value) =>
        Fault(quantity, value, $"{quantity} is {value.ToString(CultureInfo.InvariantCulture)}.");

    private LearningException Fault(string quantity, double value, string what)
    {
        HasFault = true;
        var causes = _seen is null ? "" : " " + SacDiagnosis.Describe(_settings, _state.Observations, _scaling, _seen);
        return new LearningException(
            quantity, value, string.Create(CultureInfo.InvariantCulture, $"Policy learning failed after {Updates} updates: {what}{causes}"));
    }
}
