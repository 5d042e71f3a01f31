using MbpoML.Data;
using MbpoML.Environments.Functions;
using MbpoML.Numerics;

namespace MbpoML.Algorithms.Offline.Verdicts;

public sealed partial class OfflineJudge
{
    /// <summary>How a policy is judged from a log.</summary>
    public sealed class Options
    {
        /// <summary>Steps of the returns that model and log are compared by. Default: null, the median length of the episodes, at most 200.</summary>
        public int? Horizon { get; set; }

        /// <summary>γ of fitted Q evaluation, from 0 to 1. Default: 0.99, that of the trainers.</summary>
        public double Discount { get; set; } = 0.99;

        /// <summary>Runs of fitted Q evaluation, which differ by their seeds, at least 2. Default: 3, as in NeoRL.</summary>
        public int FittedQSeeds { get; set; } = 3;

        /// <summary>Updates of each of them. Default: 10,000, our choice: some 40 s each on one core.</summary>
        public int FittedQUpdates { get; set; } = 10_000;

        /// <summary>Adam's step size for them. Default: 3e-4, our choice; d3rlpy has 1e-4 for many more updates.</summary>
        public double FittedQLearningRate { get; set; } = 3e-4;

        /// <summary>Transitions of their minibatches. Default: 256.</summary>
        public int BatchSize { get; set; } = 256;

        /// <summary>Updates of the clone of the log, at most. Default: 20,000, as for behaviour cloning alone.</summary>
        public int CloneUpdates { get; set; } = 20_000;

        /// <summary>The share of the episodes that the model does not learn from, above 0 and at most 0.5. Default: 0.2, our choice.</summary>
        public double HoldoutRatio { get; set; } = 0.2;

        /// <summary>The most starts from which returns are estimated. Default: 256, our choice.</summary>
        public int MaxStarts { get; set; } = 256;

        /// <summary>
        /// The policy may take so many of its steps further from the log than 99 % of held-out rows lie, as a share of all, from 0 to 1. The clone's share
        /// comes on top, up to as much again. It may take so many, and the clone's share, beyond the value that 99 % of the log stay within in any one
        /// observation or action. Beyond that no policy is said to be better. Default: 0.05, our choice: with 0.1, one was that fell off a cliff just outside
        /// of its log (docs/offline-evidence.md).
        /// </summary>
        public double MaxOutside { get; set; } = 0.05;

        /// <summary>
        /// The least share of held-out values inside the model's 90 % intervals, from 0 to 1: a model that is surer than it may be decides nothing. The reward
        /// does not count where it is known, nor do <see cref="SetPoints"/>. Default: 0.6, our choice.
        /// </summary>
        public double LeastCoverage { get; set; } = 0.6;

        /// <summary>
        /// The least correlation between foretold and real returns of held-out episodes, from 0 to 1, with which the model decides alone where fitted Q
        /// evaluation does not say. Default: 0.95, our choice, made before any verdict with it. 1: hardly ever.
        /// </summary>
        public double ProvenCorrelation { get; set; } = 0.95;

        /// <summary>Tells which imagined transitions end the task. Default: null, none do.</summary>
        public ITerminationFunction? Termination { get; set; }

        /// <summary>The reward where it is known; it replaces the logged ones. Default: null, the rewards of the log.</summary>
        public IRewardFunction? Reward { get; set; }

        /// <summary>
        /// Which numbers of an observation come from outside, counted from 0: set points, weather, demand. Every imagined return meets those that were logged
        /// from its start on. Default: none.
        /// </summary>
        public IReadOnlyList<int> SetPoints { get; set; } = [];

        /// <summary>The names of the log's columns. Default: the standard names.</summary>
        public TransitionColumns Columns { get; set; } = TransitionColumns.Default;

        /// <summary>The seed of all random numbers. Default: null, from the MLContext.</summary>
        public int? Seed { get; set; }

        /// <summary>Stops the work with an <see cref="OperationCanceledException"/>. Default: none.</summary>
        public CancellationToken CancellationToken { get; set; }

        /// <summary>Is told of each stage, in words. Default: null, nobody is.</summary>
        public IProgress<string>? Progress { get; set; }

        internal void Validate()
        {
            if (Horizon is { } horizon) Check.AtLeast(1, horizon, nameof(Horizon));
            Check.Within(0, 1, Discount);
            Check.AtLeast(2, FittedQSeeds);
            Check.AtLeast(1, FittedQUpdates);
            Check.Positive(FittedQLearningRate);
            Check.AtLeast(1, BatchSize);
            Check.AtLeast(1, CloneUpdates);
            Check.Within(0, 0.5, Check.Positive(HoldoutRatio), nameof(HoldoutRatio));
            Check.AtLeast(2, MaxStarts);
            Check.Within(0, 1, MaxOutside);
            Check.Within(0, 1, LeastCoverage);
            Check.Within(0, 1, ProvenCorrelation);
            Offline.SetPoints.Check(SetPoints, nameof(SetPoints));
            ArgumentNullException.ThrowIfNull(Columns);
            TransitionColumns.Checked(Columns);
        }

        internal Options Copy()
        {
            var copy = (Options)MemberwiseClone();
            copy.SetPoints = [.. SetPoints];
            return copy;
        }
    }
}
