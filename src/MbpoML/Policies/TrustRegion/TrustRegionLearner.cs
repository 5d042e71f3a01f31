using MbpoML.Components;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.OnPolicy;
using MbpoML.Saving;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MbpoML.Policies.TrustRegion;

/// <summary>
/// Trust region policy optimization: the natural gradient by conjugate gradients, as long a step as the divergence bound lets, and a line search that takes it
/// only where the surrogate improves.
/// </summary>
internal sealed class TrustRegionLearner : OnPolicyLearner
{
    // Metrics behind those of every learner.
    private const int DivergenceMetric = 3, GainMetric = 4, FractionMetric = 5;

    // What a step that does not improve is shortened by (rllab, conjugate_gradient_optimizer.py).
    private const double Shortening = 0.8;

    // A step that reaches this part of the bound is long enough.
    private const double NearlyAll = 0.9;

    private const string BaselineState = "baseline";

    private readonly TrustRegionSettings _settings;
    private readonly LinearBaseline _baseline;

    /// <param name="context">Where transformers made of this learner belong.</param>
    /// <param name="settings">Sizes and what all such learners are told.</param>
    /// <param name="trustRegion">How far a step goes.</param>
    /// <param name="seed">Decides the first weights.</param>
    /// <param name="device">Where the policy stands and learns.</param>
    public TrustRegionLearner(ComponentContext context, OnPolicySettings settings, TrustRegionSettings trustRegion, int seed, Device device)
        : base(context, settings, seed, device, TrustRegionMetrics.Names) =>
        (_settings, _baseline) = (trustRegion, new LinearBaseline(settings.Layout.ObservationSize));

    protected override double[] Values(Tensor observations, int[] steps) => _baseline.Values(observations, steps);

    protected override void Optimize(OnPolicyBatch batch)
    {
        var values = Gaussian.Mean.Forward(Parameters, batch.Observations);
        // Those of the step are written into the same memory.
        var (mean, logDeviation) = (values[^1], Gaussian.LogDeviation(Parameters).clone());
        var oldLog = GaussianPolicy.LogProbability(mean, logDeviation, batch.Actions);
        var gradient = Gaussian.Gradient(Parameters, values, batch.Actions, batch.Advantages.Over(batch.Advantages.size(0)));
        var step = Step(gradient, batch.Observations);
        Climb(batch, step, mean, logDeviation, oldLog);
        // Used from the next update on: a baseline that saw these episodes would take part of their advantages away.
        _baseline.Fit(batch.Observations, batch.Steps, batch.Returns);
    }

    protected override void SaveOwn(IStateWriter to) => to.Add(BaselineState, _baseline.Weights);

    protected override void RestoreOwn(IStateReader from)
    {
        var weights = from.Doubles(BaselineState);
        if (weights.Length != _baseline.Weights.Length || !Array.TrueForAll(weights, double.IsFinite))
            throw from.Damaged(Invariant($"the baseline has {weights.Length} weights, but {_baseline.Weights.Length} finite ones are needed"));
        _baseline.Set(weights);
    }

    protected override void Free()
    {
    }

    // √(2δ / xᵀ(F + cI)x) · x with (F + cI)x = g.
    private Tensor Step(Tensor gradient, Tensor observations)
    {
        var rows = observations.size(0);
        var every = Math.Max(1, (long)Math.Round(1 / _settings.FisherShare));
        var seen = every == 1 ? observations : observations.slice(0, 0, rows, every);
        var fisher = new FisherProduct(Gaussian, Parameters, seen);
        var target = Doubles(gradient);
        var direction = ConjugateGradient.Solve(Product, target, _settings.ConjugateGradientSteps);
        var curvature = TensorPrimitives.Dot<double>(direction, Product(direction));
        var length = Math.Sqrt(2 * _settings.DivergenceBound / (curvature + 1e-8));
        return TensorMemory.Aligned(Array.ConvertAll(direction, value => (float)(length * value))).to(Device);

        double[] Product(double[] vector)
        {
            using var scope = NewDisposeScope();
            var product = Doubles(fisher.Apply(TensorMemory.Aligned(Array.ConvertAll(vector, value => (float)value)).to(Device)));
            TensorPrimitives.MultiplyAdd<double>(vector, _settings.Damping, product, product);
            return product;
        }
    }

    // As much of the step as improves the surrogate within the bound; the policy stays as it was, bit for bit, where nothing does.
    private void Climb(OnPolicyBatch batch, Tensor step, Tensor mean, Tensor logDeviation, Tensor oldLog)
    {
        var old = Parameters.clone();
        var best = default(Attempt);
        var fraction = 1.0;
        for (var attempt = 0; attempt < _settings.Backtracks; attempt++)
        {
            var tried = Try(fraction);
            // A longer one may improve less.
            if (best.Gain > 0 && !(IsAllowed(tried) && tried.Gain > best.Gain)) break;
            if (IsAllowed(tried)) best = tried;
            if (best.Gain > 0 && tried.Divergence >= NearlyAll * _settings.DivergenceBound) break;
            // Divergence grows with the square of the step: one that goes too far, or not far enough, is brought to what the bound lets.
            fraction *= tried.Gain > 0 ? Math.Clamp(0.99 * Math.Sqrt(_settings.DivergenceBound / tried.Divergence), 0.1, 2) : Shortening;
        }

        Move(best.Gain > 0 ? best.Fraction : 0);
        Measure(DivergenceMetric, best.Divergence);
        Measure(GainMetric, best.Gain);
        Measure(FractionMetric, best.Fraction);

        // NaN is never allowed.
        bool IsAllowed(Attempt tried) => tried.Gain > 0 && tried.Divergence <= _settings.DivergenceBound;

        void Move(double share)
        {
            Parameters.copy_(old);
            if (share == 0) return;
            Parameters.AddInPlace(step, share);
            var moved = Gaussian.LogDeviation(Parameters);
            moved.copy_(moved.Clamped(GaussianPolicy.LowestLogDeviation, GaussianPolicy.HighestLogDeviation));
        }

        Attempt Try(double share)
        {
            using var scope = NewDisposeScope();
            Move(share);
            var (newMean, newLog) = (Gaussian.Mean.Forward(Parameters, batch.Observations)[^1], Gaussian.LogDeviation(Parameters));
            // r - 1 without the difference of two means near zero.
            var rise = GaussianPolicy.LogProbability(newMean, newLog, batch.Actions).sub(oldLog).expm1();
            var gain = rise.mul(batch.Advantages).mean().item<float>();
            return new Attempt(share, gain, GaussianPolicy.Divergence(mean, logDeviation, newMean, newLog));
        }
    }

    private static double[] Doubles(Tensor values) => values.to(ScalarType.Float64).cpu().data<double>().ToArray();

    /// <summary>A step that was tried.</summary>
    /// <param name="Fraction">The share of the natural gradient's step.</param>
    /// <param name="Gain">How much larger the surrogate is than before.</param>
    /// <param name="Divergence">Mean KL(old ‖ new).</param>
    private readonly record struct Attempt(double Fraction, double Gain, double Divergence);
}
