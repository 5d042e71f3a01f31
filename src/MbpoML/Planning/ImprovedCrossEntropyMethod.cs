using MbpoML.Components;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>
/// iCEM: the cross-entropy method for few rollouts (C. Pinneri et al., CoRL 2020, arXiv:2008.06389; official code, controllers/icem.py). Noise that hangs
/// together in time, a population that shrinks, and elites that are kept from iteration to iteration and from step to step.
/// </summary>
/// <remarks>
/// Kept elites are evaluated again, because a stochastic model gives a sequence another value each time. They count towards the population, so that every step
/// costs the same number of rollouts: 40 + 32 + 25 by default. Draws are clipped to the bounds, so that the bounds themselves are drawn often.
/// </remarks>
public sealed class ImprovedCrossEntropyMethod : IActionSequenceOptimizer, IStage
{
    private readonly Options _options;

    internal ImprovedCrossEntropyMethod(Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options.Copy();
    }

    string IStage.StageName => "improved cross-entropy method";

    object IStage.Options => _options;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public IActionSequenceSearch CreateSearch(int horizon, int actionSize) =>
        new ImprovedCrossEntropySearch(Check.AtLeast(1, horizon), Check.AtLeast(1, actionSize), _options);

    /// <summary>The settings of iCEM. Numbers of actions are in units in which the bounds are -1 and 1.</summary>
    public sealed class Options
    {
        /// <summary>Sequences of the first iteration. Default: 40 (official code, the setting for real time).</summary>
        public int Candidates { get; set; } = 40;

        /// <summary>The best ones, to which the distribution moves. Default: 10 (official code).</summary>
        public int Elites { get; set; } = 10;

        /// <summary>Iterations of a step. Default: 3 (official code).</summary>
        public int Iterations { get; set; } = 3;

        /// <summary>How much of the distribution before stays in each iteration, of mean and deviation alike. Default: 0.1 (official code).</summary>
        public double Smoothing { get; set; } = 0.1;

        /// <summary>The standard deviation at the first iteration of a step. Default: 0.5 (official code).</summary>
        public double InitialDeviation { get; set; } = 0.5;

        /// <summary>
        /// β, how fast the noise's power falls with the frequency. Default: 0.25 (official code for HalfCheetah; 2 for Humanoid, 2.5 to 3.5 for robot hands).
        /// </summary>
        public double NoiseExponent { get; set; } = 0.25;

        /// <summary>The factor by which the population shrinks in each iteration; it never has fewer than two times the elites. Default: 1.25 (official
        /// code).</summary>
        public double PopulationDecay { get; set; } = 1.25;

        /// <summary>The share of the elites that is kept for the next iteration, and for the next step. Default: 0.3 (official code).</summary>
        public double KeptElites { get; set; } = 0.3;

        /// <summary>Which sequence is carried out. Default: <see cref="PlannedSequence.Best"/> (official code).</summary>
        public PlannedSequence Execute { get; set; } = PlannedSequence.Best;

        internal void Validate()
        {
            Check.AtLeast(1, Candidates);
            Check.AtLeast(1, Elites);
            if (Elites > Candidates)
                throw new ArgumentOutOfRangeException(nameof(Elites), Elites, Invariant($"Elites must be at most Candidates, which is {Candidates}."));
            Check.AtLeast(1, Iterations);
            Check.Within(0, 0.999, Smoothing);
            Check.Positive(InitialDeviation);
            Check.NotNegative(NoiseExponent);
            Check.Within(1, 1000, PopulationDecay);
            Check.Within(0, 1, KeptElites);
            Check.Defined(Execute);
        }

        internal Options Copy() => (Options)MemberwiseClone();
    }

    private sealed class ImprovedCrossEntropySearch(int horizon, int actionSize, Options options) : ActionSequenceSearch(horizon, actionSize, repeatsLast: true)
    {
        private const string State = "elites";
        private readonly int _horizon = horizon;
        private readonly int _actionSize = actionSize;
        private readonly int _kept = (int)(options.KeptElites * options.Elites);
        private readonly Tensor _color = ColoredNoise.Matrix(horizon, options.NoiseExponent).DetachFromDisposeScope();
        // Of the step before, [rows, kept, horizon, action]; null at the first step of an episode.
        private Tensor? _elites;

        public override void Begin(int rows)
        {
            base.Begin(rows);
            Forget();
        }

        public override void Advance(int steps)
        {
            base.Advance(steps);
            using var scope = NewDisposeScope();
            if (_elites is not null) KeepElites(Shifted(_elites, 2, steps));
        }

        public override void Keep(Tensor rows)
        {
            base.Keep(rows);
            using var scope = NewDisposeScope();
            if (_elites is not null) KeepElites(_elites.index_select(0, rows.cpu()));
        }

        public override void Save(IStateWriter to)
        {
            base.Save(to);
            using var none = zeros(0, _kept, _horizon, _actionSize);
            to.Add(State, _elites ?? none);
        }

        public override void Restore(IStateReader from)
        {
            using var scope = NewDisposeScope();
            var elites = Read(from, State, [_kept, _horizon, _actionSize]);
            base.Restore(from);
            Forget();
            if (elites.size(0) > 0) KeepElites(elites);
        }

        public override void Dispose()
        {
            base.Dispose();
            _color.Dispose();
            Forget();
        }

        protected override ActionSequences Find(PlanningProblem problem, Generator generator)
        {
            var mean = Mean.clone();
            var deviation = ones_like(mean).Times(options.InitialDeviation);
            // They follow the first action that each of them had, and not the one that was taken.
            var elites = _elites is null ? null : problem.Restrict(Continued(_elites, generator));
            var best = default(ActionSequences);
            var population = options.Candidates;
            for (var iteration = 0; iteration < options.Iterations; iteration++)
            {
                if (iteration > 0) population = Math.Max(Math.Min(2 * options.Elites, population), (int)(population / options.PopulationDecay));
                var count = problem.Affordable(population);
                if (count < 1) break;
                var values = Improve(problem, generator, count, isLast: iteration == options.Iterations - 1, elites, ref mean, ref deviation, out best);
                elites = values;
            }

            Remember(mean);
            if (elites is not null) KeepElites(elites);
            return options.Execute == PlannedSequence.Mean && problem.Affordable(1) > 0 ? Judge(problem, mean) : best;
        }

        // One iteration; gives the elites that are kept.
        private Tensor? Improve(
            PlanningProblem problem, Generator generator, int count, bool isLast, Tensor? kept, ref Tensor mean, ref Tensor deviation, out ActionSequences best)
        {
            List<Tensor> parts = [];
            if (kept is not null && count > kept.size(1)) parts.Add(kept);
            // At last the mean itself is a candidate.
            if (isLast && count > parts.Sum(part => part.size(1)) + 1) parts.Add(problem.Restrict(mean.unsqueeze(1)));
            var drawn = count - (int)parts.Sum(part => part.size(1));
            var noise = ColoredNoise.Draw(_color, problem.Rows, drawn, _actionSize, generator);
            parts.Insert(0, problem.Restrict(noise.mul(deviation.unsqueeze(1)).AddInPlace(mean.unsqueeze(1))));
            var sequences = parts.Count == 1 ? parts[0] : cat(parts, 1);
            var values = problem.Evaluate(sequences);
            CheckJudged(values);
            var (elites, worth) = Best(sequences, values, Math.Min(options.Elites, count));
            mean = Smoothed(mean, elites.mean([1L]));
            deviation = Smoothed(deviation, elites.var(1, unbiased: false).sqrt());
            best = new ActionSequences(elites.select(1, 0), worth.select(1, 0));
            return _kept > 0 && elites.size(1) >= _kept ? elites.narrow(1, 0, _kept) : null;
        }

        // Elites of the step before, moved on: their last action is drawn anew.
        private static Tensor Continued(Tensor elites, Generator generator)
        {
            var moved = elites.clone();
            var last = moved.narrow(2, moved.size(2) - 1, 1);
            last.copy_(rand(last.shape, ScalarType.Float32, generator: generator).MultiplyInPlace(2).AddInPlace(-1));
            return moved;
        }

        private Tensor Smoothed(Tensor before, Tensor now) => before.Times(options.Smoothing).AddInPlace(now, 1 - options.Smoothing);

        private void KeepElites(Tensor elites)
        {
            var before = _elites;
            _elites = elites.clone().DetachFromDisposeScope();
            before?.Dispose();
        }

        private void Forget()
        {
            _elites?.Dispose();
            _elites = null;
        }
    }
}
