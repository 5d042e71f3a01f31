using MbpoML.Components;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>Random shooting: the best of many drawn action sequences. The simplest planner, and the baseline of PETS.</summary>
/// <remarks>
/// Each action is uniform within the bounds. In a sequence it is often that of the step before, because actions that change at each step cancel out, so that a
/// few thousand of them neither swing up nor hold. The rest of the plan before is a candidate too, where the planner keeps plans
/// (<see cref="PlanningTransformer.Options.WarmStart"/>). Without both it is the random shooting of PETS.
/// </remarks>
public sealed class RandomShooting : IActionSequenceOptimizer, IStage
{
    private readonly Options _options;

    internal RandomShooting(Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options.Copy();
    }

    string IStage.StageName => "random shooting";

    object IStage.Options => _options;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public IActionSequenceSearch CreateSearch(int horizon, int actionSize) =>
        new Shooting(Check.AtLeast(1, horizon), Check.AtLeast(1, actionSize), _options);

    /// <summary>The settings of random shooting.</summary>
    public sealed class Options
    {
        /// <summary>Sequences that are drawn at each step. Default: 2000 (PETS; 2500 for pusher and HalfCheetah).</summary>
        public int Candidates { get; set; } = 2000;

        /// <summary>
        /// The chance that an action of a sequence is that of the step before, each dimension by itself, from 0 to below 1. Default: 0.8, our choice: five
        /// steps in the mean. On the pendulum's true equations 1000 sequences of 20 steps earn -160; with 0 and no warm start, as in PETS, -251.
        /// </summary>
        public double Persistence { get; set; } = 0.8;

        internal void Validate()
        {
            Check.AtLeast(1, Candidates);
            Check.Within(0, 0.999, Persistence);
        }

        internal Options Copy() => (Options)MemberwiseClone();
    }

    private sealed class Shooting(int horizon, int actionSize, Options options) : ActionSequenceSearch(horizon, actionSize, repeatsLast: true)
    {
        private const string PlannedState = "has-plan";
        private readonly int _horizon = horizon;
        private readonly int _actionSize = actionSize;
        // Whether the middle of the search is the plan before.
        private bool _hasPlan;

        public override void Begin(int rows)
        {
            base.Begin(rows);
            _hasPlan = false;
        }

        public override void Save(IStateWriter to)
        {
            base.Save(to);
            to.Add(PlannedState, _hasPlan ? 1 : 0);
        }

        public override void Restore(IStateReader from)
        {
            base.Restore(from);
            _hasPlan = from.Has(PlannedState) && from.WholeNumber(PlannedState) == 1;
        }

        protected override ActionSequences Find(PlanningProblem problem, Generator generator)
        {
            var count = problem.Affordable(options.Candidates);
            var keepsPlan = _hasPlan && count > 1;
            var drawn = Drawn(problem.Rows, keepsPlan ? count - 1 : count, generator);
            var sequences = problem.Restrict(keepsPlan ? cat([Mean.unsqueeze(1), drawn], 1) : drawn);
            var values = problem.Evaluate(sequences);
            CheckJudged(values);
            var (best, value) = Best(sequences, values, 1);
            Remember(best.squeeze(1));
            _hasPlan = true;
            return new ActionSequences(best.squeeze(1), value.squeeze(1));
        }

        // [rows, candidates, horizon, action]
        private Tensor Drawn(int rows, int candidates, Generator generator)
        {
            long[] shape = [rows, candidates, _horizon, _actionSize];
            var drawn = rand(shape, ScalarType.Float32, generator: generator).Times(2).Plus(-1);
            if (options.Persistence == 0) return drawn;
            var stays = rand(shape, ScalarType.Float32, generator: generator).Below(options.Persistence);
            for (var step = 1; step < _horizon; step++)
            {
                var action = drawn.select(2, step);
                action.copy_(where(stays.select(2, step), drawn.select(2, step - 1), action));
            }

            return drawn;
        }
    }
}
