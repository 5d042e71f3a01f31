using MbpoML.Components;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>Random shooting: the best of many uniformly drawn action sequences. The simplest planner, and the baseline of PETS.</summary>
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

        internal void Validate() => Check.AtLeast(1, Candidates);

        internal Options Copy() => (Options)MemberwiseClone();
    }

    private sealed class Shooting(int horizon, int actionSize, Options options) : ActionSequenceSearch(horizon, actionSize, repeatsLast: false)
    {
        private readonly int _horizon = horizon;
        private readonly int _actionSize = actionSize;

        protected override ActionSequences Find(PlanningProblem problem, Generator generator)
        {
            var drawn = rand([problem.Rows, problem.Affordable(options.Candidates), _horizon, _actionSize], ScalarType.Float32, generator: generator);
            var sequences = problem.Restrict(drawn.Times(2).Plus(-1));
            var values = problem.Evaluate(sequences);
            CheckJudged(values);
            var (best, value) = Best(sequences, values, 1);
            return new ActionSequences(best.squeeze(1), value.squeeze(1));
        }
    }
}
