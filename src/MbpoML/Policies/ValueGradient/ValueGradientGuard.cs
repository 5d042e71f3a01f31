using System.Globalization;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MbpoML.Policies.ValueGradient;

/// <summary>Looks after the numbers of a learner, once for a group of updates, and keeps the last actor that was found sound.</summary>
/// <remarks>
/// A false alarm costs a run that would have learned, so the limit is far from anything that learns. Single values are never looked at: what is not finite
/// makes a sum that is not.
/// </remarks>
internal sealed class ValueGradientGuard : IDisposable
{
    // One copy costs about as much as a hundredth of an update.
    private const int UpdatesBetweenCopies = 1000;

    // So many times what rewards can add up to is exploded.
    private const double Margin = 1000;

    private readonly ValueGradientSettings _settings;
    private readonly ValueGradientState _state;
    private readonly Tensor _soundActor;
    private readonly Tensor _seen;
    private readonly (string Name, Tensor Values)[] _parameters;
    private bool _hasSeen, _hasFault;
    private long? _copiedAt;

    public ValueGradientGuard(ValueGradientSettings settings, ValueGradientState state)
    {
        (_settings, _state) = (settings, state);
        _parameters = [("actor's weights", state.Actor), ("critics' weights", state.Critics), ("target critics' weights", state.Targets),
            ("logarithm of α", state.LogAlpha)];
        _soundActor = zeros_like(state.Actor).DetachFromDisposeScope();
        _seen = zeros(settings.BatchSize, settings.Layout.ObservationSize, ScalarType.Float32, state.Device).DetachFromDisposeScope();
    }

    /// <summary>
    /// The actor to make policies of: the learner's own, averaged where it averages, or after a fault the last one that was found sound. [1, parameters]
    /// </summary>
    public Tensor Actor => _hasFault ? _soundActor : _state.ActingActor;

    /// <summary>The last actor that was found sound, which belongs to the scales of observations as they stand. [1, parameters]</summary>
    public Tensor SoundActor => _soundActor;

    private long Updates => _state.CriticOptimizer.StepCount;

    /// <summary>Looks at the start states of the first update of a group, to find causes in.</summary>
    /// <param name="observations">[batch, observation], environment units</param>
    public void Observe(Tensor observations)
    {
        using var noGrad = no_grad();
        // The weights that the learner begins with, or goes on from.
        if (_copiedAt is null) KeepActor();
        _seen.copy_(observations);
        _hasSeen = true;
    }

    /// <summary>Checks a group of updates.</summary>
    /// <param name="sums">Their metrics, summed, in the order of <see cref="ValueGradientMetrics"/>.</param>
    /// <param name="critics">How many updates of the critics they are.</param>
    /// <param name="policy">How many of the policy.</param>
    /// <exception cref="LearningException">Something is wrong.</exception>
    public void Check(ReadOnlySpan<double> sums, long critics, long policy)
    {
        for (var metric = 0; metric < sums.Length; metric++)
            if (!double.IsFinite(sums[metric])) throw NotFinite(ValueGradientMetrics.Names[metric], sums[metric]);
        foreach (var (name, values) in _parameters)
            if (Sum(values) is var sum && !float.IsFinite(sum)) throw NotFinite($"sum of the {name}", sum);
        CheckValue(sums[ValueGradientMetrics.Value] / critics);
        if (policy > 0) CheckEntropy(sums[ValueGradientMetrics.Entropy] / policy);
        if (Updates - _copiedAt >= UpdatesBetweenCopies) KeepActor();
    }

    public void Dispose()
    {
        _soundActor.Dispose();
        _seen.Dispose();
    }

    private void KeepActor()
    {
        using var noGrad = no_grad();
        _soundActor.copy_(_state.ActingActor);
        _copiedAt = Updates;
    }

    // One pass over memory on the CPU, several times faster than a tensor operation for small networks.
    private static float Sum(Tensor values)
    {
        if (values.device_type == DeviceType.CPU) return TensorPrimitives.Sum<float>(values.Floats());
        using var sum = values.sum();
        return sum.item<float>();
    }

    // The bounds follow what rewards add up to, whether or not values are cut to them.
    private void CheckValue(double value)
    {
        var bounds = _state.Bounds;
        var limit = Margin * Math.Max(1 / (1 - _settings.Discount), Math.Max(Math.Abs(bounds.Low), Math.Abs(bounds.High)));
        if (Math.Abs(value) <= limit) return;
        throw Fault(
            ValueGradientMetrics.Names[ValueGradientMetrics.Value], value,
            $"the critics exploded: their mean value is {Text(value)}, beyond {Text(limit)}, while rewards add up to between {Text(bounds.Low)} and " +
                $"{Text(bounds.High)}.");
    }

    // Below what the smallest deviation in every dimension leaves: from there hardly any gradient leads back.
    private void CheckEntropy(double entropy)
    {
        var smallest = (0.5 * Math.Log(2 * Math.PI * Math.E)) + Math.Log(ActorParameters.LeastSoftplusDeviation) + 0.5;
        var least = _settings.Layout.ActionSize * smallest;
        if (_settings.TargetEntropy < least || entropy >= least || IsAtBounds()) return;
        throw Fault(
            ValueGradientMetrics.Names[ValueGradientMetrics.Entropy], entropy,
            $"the policy's variance collapsed: every standard deviation is at its least, {Text(ActorParameters.LeastSoftplusDeviation)}, so the entropy of " +
                $"{Text(entropy)} nats cannot reach the target of {Text(_settings.TargetEntropy)}.");
    }

    // Actions at their bounds have a low entropy too, and come back.
    private bool IsAtBounds()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var head = _settings.Actor.Forward(_state.Actor, _state.Observations.Apply(_seen).unsqueeze(0)).squeeze(0);
        return SoftplusGaussian.Deviation(head).amax([0L, 1L]).item<float>() > 2 * ActorParameters.LeastSoftplusDeviation;
    }

    private LearningException NotFinite(string quantity, double value) =>
        Fault(quantity, value, $"{quantity} is {value.ToString(CultureInfo.InvariantCulture)}.");

    private LearningException Fault(string quantity, double value, string what)
    {
        _hasFault = true;
        var causes = _hasSeen ? " " + ValueGradientDiagnosis.Describe(_settings, _state, _seen) : "";
        return new LearningException(
            quantity, value, string.Create(CultureInfo.InvariantCulture, $"Policy learning failed after {Updates} updates: {what}{causes}"));
    }

    private static string Text(double value) => value.ToString("g4", CultureInfo.InvariantCulture);
}
