using MbpoML.Components;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>
/// The cross-entropy method: draws sequences from a normal distribution, moves the distribution to the best of them, and repeats. The planner of PETS (Chua et
/// al., NeurIPS 2018; official code, misc/optimizers/cem.py).
/// </summary>
/// <remarks>
/// Draws are truncated at two standard deviations, and the variance is cut so that they stay within the bounds. The next step's search begins with the mean,
/// moved on in time, with the middle of the bounds behind it; the variance begins anew. With <see cref="Options.ClipsDraws"/> it is the planner of PlaNet.
/// </remarks>
public sealed class CrossEntropyMethod : IActionSequenceOptimizer, IStage
{
    private readonly Options _options;

    internal CrossEntropyMethod(Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options.Copy();
    }

    string IStage.StageName => "cross-entropy method";

    object IStage.Options => _options;

    /// <summary>The settings, for graphs of other runtimes; only read.</summary>
    internal Options Settings => _options;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public IActionSequenceSearch CreateSearch(int horizon, int actionSize) =>
        new CrossEntropySearch(Check.AtLeast(1, horizon), Check.AtLeast(1, actionSize), _options);

    /// <summary>The settings of the cross-entropy method. Numbers of actions are in units in which the bounds are -1 and 1.</summary>
    public sealed class Options
    {
        /// <summary>Sequences of each iteration. Default: 400 (PETS: cart-pole and reacher; 500 for pusher and HalfCheetah).</summary>
        public int Candidates { get; set; } = 400;

        /// <summary>The best ones, to which the distribution moves. Default: 40 (PETS; 50 for pusher and HalfCheetah).</summary>
        public int Elites { get; set; } = 40;

        /// <summary>The most iterations of a step. Default: 5 (PETS).</summary>
        public int Iterations { get; set; } = 5;

        /// <summary>How much of the distribution before stays in each iteration, of mean and variance alike. Default: 0.1 (PETS).</summary>
        public double Smoothing { get; set; } = 0.1;

        /// <summary>The variance at the first iteration of a step. Default: 0.25, a sixteenth of the squared range (PETS).</summary>
        public double InitialVariance { get; set; } = 0.25;

        /// <summary>A search ends before its last iteration where no variance is above this. Default: 0.001 (PETS).</summary>
        public double LeastVariance { get; set; } = 1e-3;

        /// <summary>
        /// Whether candidates are normal draws that are clipped at the bounds, as in PlaNet, rather than truncated draws that stay within them. The variance
        /// then gets a millionth more after each iteration, as there. Default: false (PETS).
        /// </summary>
        public bool ClipsDraws { get; set; }

        /// <summary>Which sequence is carried out. Default: <see cref="PlannedSequence.Mean"/> (PETS).</summary>
        public PlannedSequence Execute { get; set; } = PlannedSequence.Mean;

        internal void Validate()
        {
            Check.AtLeast(1, Candidates);
            Check.AtLeast(1, Elites);
            if (Elites > Candidates)
                throw new ArgumentOutOfRangeException(nameof(Elites), Elites, Invariant($"Elites must be at most Candidates, which is {Candidates}."));
            Check.AtLeast(1, Iterations);
            Check.Within(0, 0.999, Smoothing);
            Check.Positive(InitialVariance);
            Check.NotNegative(LeastVariance);
            Check.Defined(Execute);
        }

        internal Options Copy() => (Options)MemberwiseClone();
    }

    private sealed class CrossEntropySearch(int horizon, int actionSize, Options options) : ActionSequenceSearch(horizon, actionSize, repeatsLast: false)
    {
        // Official control/planning.py.
        private const double LeastClipped = 1e-6;

        private readonly int _horizon = horizon;
        private readonly int _actionSize = actionSize;

        protected override ActionSequences Find(PlanningProblem problem, Generator generator)
        {
            var mean = Mean.clone();
            var variance = ones_like(mean).Times(options.InitialVariance);
            (Tensor Sequence, Tensor Value)? best = null;
            for (var iteration = 0; iteration < options.Iterations; iteration++)
            {
                // Rows that are sure enough stay as they are while the others go on.
                var goesOn = variance.amax([1L, 2L], keepdim: true).Above(options.LeastVariance);
                // The mean and the last look at it cost an evaluation each, for which the budget keeps one.
                var count = problem.Affordable(options.Candidates + 1) - 1;
                if (count < 1 || !goesOn.any().item<bool>()) break;
                var (noise, width) = Draw(mean, variance, count, generator);
                var sequences = problem.Restrict(noise.mul_(width.sqrt().unsqueeze(1)).AddInPlace(mean.unsqueeze(1)));
                var values = problem.Evaluate(sequences);
                CheckJudged(values);
                var (elites, elite) = Best(sequences, values, Math.Min(options.Elites, count));
                var moved = Smoothed(mean, elites.mean([1L]));
                var spread = Smoothed(variance, elites.var(1, unbiased: false));
                if (options.ClipsDraws) spread.AddInPlace(LeastClipped);
                (mean, variance) = (where(goesOn, moved, mean), where(goesOn, spread, variance));
                var (first, worth) = (elites.select(1, 0), elite.select(1, 0));
                best = best is not { } before
                    ? (first, worth) : (where(goesOn, first, before.Sequence), where(goesOn.squeeze(2).squeeze(1), worth, before.Value));
            }

            Remember(mean);
            return options.Execute == PlannedSequence.Best && best is { } found ? new ActionSequences(found.Sequence, found.Value) : Judge(problem, mean);
        }

        // The noise of the candidates, and the variance that it is drawn with.
        private (Tensor Noise, Tensor Variance) Draw(Tensor mean, Tensor variance, int count, Generator generator)
        {
            long[] shape = [mean.size(0), count, _horizon, _actionSize];
            if (options.ClipsDraws) return (randn(shape, ScalarType.Float32, generator: generator), variance);
            // Two standard deviations reach no further than the nearer bound.
            var bounded = minimum(variance, minimum(mean.Plus(1).Times(0.5).Squared(), mean.Plus(-1).Times(0.5).Squared()));
            return (TruncatedNormal.Draw(shape, generator), bounded);
        }

        private Tensor Smoothed(Tensor before, Tensor now) => before.Times(options.Smoothing).AddInPlace(now, 1 - options.Smoothing);
    }
}
