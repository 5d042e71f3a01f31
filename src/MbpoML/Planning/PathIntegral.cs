using MbpoML.Components;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>
/// MPPI, model predictive path integral control (G. Williams et al., ICRA 2017; with the smoothing of A. Nagabandi et al., CoRL 2019): the mean of drawn
/// sequences, weighted by the exponential of what they are worth.
/// </summary>
/// <remarks>
/// Values are divided by their standard deviation over the candidates of a step before they are weighted, so that <see cref="Options.Sharpness"/> has no unit.
/// </remarks>
public sealed class PathIntegral : IActionSequenceOptimizer, IStage
{
    private readonly Options _options;

    internal PathIntegral(Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options.Copy();
    }

    string IStage.StageName => "path integral";

    object IStage.Options => _options;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public IActionSequenceSearch CreateSearch(int horizon, int actionSize) =>
        new PathIntegralSearch(Check.AtLeast(1, horizon), Check.AtLeast(1, actionSize), _options);

    /// <summary>The settings of MPPI. Numbers of actions are in units in which the bounds are -1 and 1.</summary>
    public sealed class Options
    {
        /// <summary>Sequences of each iteration. Default: 350 (mbrl-lib for HalfCheetah).</summary>
        public int Candidates { get; set; } = 350;

        /// <summary>Iterations of a step. Default: 5 (mbrl-lib for HalfCheetah).</summary>
        public int Iterations { get; set; } = 5;

        /// <summary>
        /// γ, how sharply the best sequences outweigh the others; the weight of one is exp(γ (value - best) / deviation of the values). Default: 5, our
        /// choice, measured on the pendulum.
        /// </summary>
        public double Sharpness { get; set; } = 5;

        /// <summary>β, how much of each action is new; the rest is the action before it. Default: 0.9 (mbrl-lib).</summary>
        public double Smoothing { get; set; } = 0.9;

        /// <summary>The standard deviation of the draws. Default: 0.5, our choice, as for iCEM (mbrl-lib: 1).</summary>
        public double Deviation { get; set; } = 0.5;

        internal void Validate()
        {
            Check.AtLeast(1, Candidates);
            Check.AtLeast(1, Iterations);
            Check.Positive(Sharpness);
            Check.Within(0.001, 1, Smoothing);
            Check.Positive(Deviation);
        }

        internal Options Copy() => (Options)MemberwiseClone();
    }

    private sealed class PathIntegralSearch(int horizon, int actionSize, Options options) : ActionSequenceSearch(horizon, actionSize, repeatsLast: true)
    {
        // So that equal values are no division by zero.
        private const double LeastDeviation = 1e-15;
        private readonly int _horizon = horizon;
        private readonly int _actionSize = actionSize;

        protected override ActionSequences Find(PlanningProblem problem, Generator generator)
        {
            var mean = Mean.clone();
            for (var iteration = 0; iteration < options.Iterations; iteration++)
            {
                var count = problem.Affordable(options.Candidates + 1) - 1;
                if (count < 1) break;
                var noise = randn([problem.Rows, count, _horizon, _actionSize], ScalarType.Float32, generator: generator);
                var sequences = problem.Restrict(Smoothed(noise.MultiplyInPlace(options.Deviation).AddInPlace(mean.unsqueeze(1))));
                var values = problem.Evaluate(sequences);
                CheckJudged(values);
                mean = Weights(values).unsqueeze(2).unsqueeze(3).mul(sequences).sum(1);
            }

            Remember(mean);
            return Judge(problem, mean);
        }

        // a_t = β drawn_t + (1 - β) a_(t-1)
        private Tensor Smoothed(Tensor drawn)
        {
            if (options.Smoothing >= 1) return drawn;
            for (var step = 1; step < _horizon; step++)
                drawn.select(2, step).MultiplyInPlace(options.Smoothing).AddInPlace(drawn.select(2, step - 1), 1 - options.Smoothing);
            return drawn;
        }

        // What left the range of numbers weighs nothing.
        private Tensor Weights(Tensor values)
        {
            var judged = values.isfinite();
            var best = values.amax([1L], keepdim: true);
            var shortfall = where(judged, values.sub(best), zeros_like(values));
            var count = judged.to(ScalarType.Float32).sum(1, keepdim: true);
            var middle = shortfall.sum(1, keepdim: true).div(count);
            var off = where(judged, shortfall.sub(middle), zeros_like(values));
            var deviation = off.Squared().sum(1, keepdim: true).div(count).sqrt().NotBelow(LeastDeviation);
            var weights = where(judged, shortfall.div(deviation).MultiplyInPlace(options.Sharpness).exp(), zeros_like(values));
            return weights.div(weights.sum(1, keepdim: true));
        }
    }
}
