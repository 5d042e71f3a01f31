using MbpoML.Components;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Random;
using MbpoML.Policies.OnPolicy;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Policies.Proximal;

/// <summary>
/// Proximal policy optimization (J. Schulman, F. Wolski, P. Dhariwal, A. Radford and O. Klimov, arXiv:1707.06347): some passes of minibatches over the clipped
/// surrogate, until the policy has moved too far.
/// </summary>
internal sealed class ProximalLearner : OnPolicyLearner
{
    // Metrics behind those of every learner.
    private const int DivergenceMetric = 3, ClippedMetric = 4, ValueLossMetric = 5, EpochMetric = 6;

    private const string FirstState = "optimizer/first-moment", SecondState = "optimizer/second-moment", StepState = "optimizer/step-count",
        RandomState = "random-state";

    private readonly ProximalSettings _settings;
    private readonly ValueNetwork _values;
    private readonly FlatAdam _optimizer;
    private readonly Generator _minibatches;

    /// <param name="context">Where transformers made of this learner belong.</param>
    /// <param name="settings">Sizes and what all such learners are told.</param>
    /// <param name="proximal">How the surrogate is climbed.</param>
    /// <param name="seed">Decides the first weights and the minibatches.</param>
    /// <param name="device">Where the policy stands and learns.</param>
    public ProximalLearner(ComponentContext context, OnPolicySettings settings, ProximalSettings proximal, int seed, Device device)
        : base(context, settings, seed, device, ProximalMetrics.Names)
    {
        _settings = proximal;
        var shape = new NetworkShape(settings.Layout.ObservationSize, settings.HiddenSizes, 1, Activation.Tanh);
        _values = new ValueNetwork(shape, Seeds.Derive(seed, "values"), device, proximal.LearningRate, proximal.GradientClipping);
        _optimizer = new FlatAdam(Parameters, proximal.LearningRate, epsilon: ValueNetwork.AdamEpsilon);
        _minibatches = new Generator((ulong)Seeds.Derive(seed, "minibatches"), CPU);
    }

    protected override double[] Values(Tensor observations, int[] steps) => _values.Values(observations);

    protected override void Optimize(OnPolicyBatch batch)
    {
        var rows = batch.Observations.size(0);
        var (mean, log) = (Gaussian.Mean.Forward(Parameters, batch.Observations)[^1], Gaussian.LogDeviation(Parameters).clone());
        var oldLog = GaussianPolicy.LogProbability(mean, log, batch.Actions);
        var targets = _values.Encode(batch.Targets);
        var (epochs, steps, divergence) = (0, 0, 0.0);
        using var sums = zeros(2, ScalarType.Float64, Device);
        while (epochs < _settings.Epochs && !(divergence > _settings.DivergenceBound))
        {
            using var scope = NewDisposeScope();
            var order = randperm(rows, ScalarType.Int64, generator: _minibatches).to(Device);
            for (long first = 0; first < rows; first += _settings.BatchSize, steps++)
            {
                using var minibatch = NewDisposeScope();
                var chosen = order.narrow(0, first, Math.Min(_settings.BatchSize, rows - first));
                sums.AddInPlace(Step(batch, oldLog, targets, chosen));
            }

            var newMean = Gaussian.Mean.Forward(Parameters, batch.Observations)[^1];
            divergence = GaussianPolicy.Divergence(mean, log, newMean, Gaussian.LogDeviation(Parameters));
            epochs++;
        }

        var measured = sums.cpu().data<double>().ToArray();
        Measure(DivergenceMetric, divergence);
        Measure(ClippedMetric, measured[0] / steps);
        Measure(ValueLossMetric, measured[1] / steps);
        Measure(EpochMetric, epochs);
    }

    protected override void SaveOwn(IStateWriter to)
    {
        _values.Save(to);
        to.Add(FirstState, _optimizer.FirstMoment);
        to.Add(SecondState, _optimizer.SecondMoment);
        to.Add(StepState, _optimizer.StepCount);
        SavedPart.Save(to, RandomState, _minibatches);
    }

    protected override void RestoreOwn(IStateReader from)
    {
        var (first, second) = (Moment(FirstState, _optimizer.FirstMoment), Moment(SecondState, _optimizer.SecondMoment));
        var steps = from.Count(StepState);
        var restoreValues = _values.Restore(from);
        SavedPart.Restore(from, RandomState, _minibatches);
        restoreValues();
        _optimizer.SetState(first, second, steps);

        Tensor Moment(string name, Tensor own) => from.Tensor(name, ScalarType.Float32, own.shape);
    }

    protected override void Free()
    {
        _values.Dispose();
        _optimizer.Dispose();
        _minibatches.Dispose();
    }

    // The share of clipped rows, and the error of the values: float64 [2].
    private Tensor Step(OnPolicyBatch batch, Tensor oldLog, Tensor targets, Tensor chosen)
    {
        var observations = batch.Observations.index_select(0, chosen);
        var (gradient, isClipped) = ClippedSurrogate.Differentiate(
            Gaussian, Parameters, observations, batch.Actions.index_select(0, chosen), batch.Advantages.index_select(0, chosen),
            oldLog.index_select(0, chosen), _settings.Clip, _settings.EntropyCoefficient);
        if (_settings.GradientClipping is { } norm) GradientClip.Apply(gradient, norm);
        _optimizer.Step(gradient);
        var moved = Gaussian.LogDeviation(Parameters);
        moved.copy_(moved.Clamped(GaussianPolicy.LowestLogDeviation, GaussianPolicy.HighestLogDeviation));
        var error = _values.Step(observations, targets.index_select(0, chosen));
        return stack([isClipped.to(ScalarType.Float64).mean(), error.to(ScalarType.Float64)], 0);
    }
}
