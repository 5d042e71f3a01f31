using MbpoML.Numerics;
using MbpoML.Numerics.Torch;

namespace MbpoML.Dynamics.Ensemble;

public sealed partial class ProbabilisticEnsembleTrainer
{
    /// <summary>How the ensemble is built and fitted. The defaults are those of the official MBPO code (models/constructor.py, models/bnn.py).</summary>
    public sealed class Options
    {
        // models/constructor.py, for five layers: the first, the second, those between, the last.
        private const double FirstDecay = 2.5e-5;
        private const double SecondDecay = 5e-5;
        private const double MiddleDecay = 7.5e-5;
        private const double LastDecay = 1e-4;

        /// <summary>The number of networks; default 7.</summary>
        public int MemberCount { get; set; } = 7;

        /// <summary>The number of networks, those of lowest holdout error, that predict; default 5.</summary>
        public int EliteCount { get; set; } = 5;

        /// <summary>The units of each hidden layer; default four times 200 (400 for Humanoid).</summary>
        public IReadOnlyList<int> HiddenSizes { get; set; } = [200, 200, 200, 200];

        /// <summary>
        /// The L2 coefficient of each layer's weights, one more than there are hidden layers; each adds coefficient / 2 times the sum of squares to the loss.
        /// </summary>
        /// <remarks>
        /// Default null: 2.5e-5 for the first layer, 5e-5 for the second, 7.5e-5 for those between, 1e-4 for the last; for four hidden layers the official
        /// values.
        /// </remarks>
        public IReadOnlyList<double>? WeightDecays { get; set; }

        /// <summary>Adam's step size; default 1e-3.</summary>
        public double LearningRate { get; set; } = 1e-3;

        /// <summary>
        /// The largest Euclidean norm of a member's gradient in an optimizer step, weight decay included; a longer one is shortened to it. The bounds of the
        /// log variance, which the members share, are left as they are. Default null: gradients are not clipped, as in the official code.
        /// </summary>
        public double? GradientClipping { get; set; }

        /// <summary>Rows of each member in a minibatch; default 256. Fewer rows than that are one minibatch.</summary>
        public int BatchSize { get; set; } = 256;

        /// <summary>
        /// The share of rows held out for early stopping and for choosing the elites, drawn anew at each fit; default 0.2. With 0, as in PETS, all rows are
        /// learned from until <see cref="MaxEpochs"/> or <see cref="MaxOptimizerSteps"/>, and what is measured of a fit is measured on them.
        /// </summary>
        public double HoldoutRatio { get; set; } = 0.2;

        /// <summary>
        /// Whether whole episodes are held out, evenly along the data and always the same ones, as ME-TRPO holds out whole trajectories; default false: single
        /// rows, drawn anew at each fit. The rows must be in the order of time.
        /// </summary>
        public bool HoldsOutEpisodes { get; set; }

        /// <summary>At most so many rows are held out; default 5000.</summary>
        public int MaxHoldoutRows { get; set; } = 5000;

        /// <summary>A fit ends when for more than so many epochs in a row no member improved; default 5.</summary>
        public int Patience { get; set; } = 5;

        /// <summary>The relative fall of a member's holdout error that counts as an improvement; default 0.01, one per cent.</summary>
        public double ImprovementThreshold { get; set; } = 0.01;

        /// <summary>At most so many epochs a fit; default null, no limit.</summary>
        public int? MaxEpochs { get; set; }

        /// <summary>
        /// At most so many optimizer steps a fit; default null, no limit. It bounds the time of a fit: one step takes one minibatch of every member.
        /// </summary>
        public long? MaxOptimizerSteps { get; set; }

        /// <summary>
        /// Whether the trainer's refits go on from the weights and Adam's moments of the fit before; default true, as in the official code. False: each fit
        /// starts from fresh weights, which takes longer, but keeps nothing of what early data taught.
        /// </summary>
        public bool StartFromLastWeights { get; set; } = true;

        /// <summary>
        /// Every so many fits all members and Adam's moments start afresh, as in ME-TRPO every fifth time, although
        /// <see cref="StartFromLastWeights"/> is true; default null: they never do.
        /// </summary>
        public int? RestartInterval { get; set; }

        /// <summary>Whether Adam's moments go on from the fit before where the weights do; default true. ME-TRPO: false.</summary>
        public bool KeepMoments { get; set; } = true;

        /// <summary>
        /// Whether each member learns from a bootstrap sample of the rows; default true. False: from all of them, in an order of its own, as in ME-TRPO, so
        /// that members differ by their first weights and their minibatches only.
        /// </summary>
        public bool Bootstrap { get; set; } = true;

        /// <summary>What the networks are trained to do well; default <see cref="DynamicsLoss.GaussianLikelihood"/>.</summary>
        public DynamicsLoss Loss { get; set; }

        /// <summary>
        /// Whether rewards and changes are brought to unit variance for training, so that none drowns in the loss; default false, as in the official code.
        /// </summary>
        /// <remarks>Set it where rewards and observations differ much in scale (arXiv:2510.01457).</remarks>
        public bool TargetNormalization { get; set; }

        /// <summary>What the networks predict beside the reward; default the change of the observation.</summary>
        public DynamicsTarget Target { get; set; } = DynamicsTarget.Delta;

        /// <summary>The initial lower bound of the predicted log variance, in the units of the targets learned; default -10. Training moves it.</summary>
        public double MinLogVariance { get; set; } = -10;

        /// <summary>The initial upper bound of the predicted log variance; default 0.5. Training moves it.</summary>
        public double MaxLogVariance { get; set; } = 0.5;

        /// <summary>The seed of all randomness of the fits; default null, a seed from the ML.NET context.</summary>
        [MayChangeOnResume]
        public int? Seed { get; set; }

        /// <summary>
        /// Where to compute: "cpu", "cuda" or "cuda:1". Default null: the device of the MBPO trainer, and "cpu" when the estimator is used alone.
        /// </summary>
        [MayChangeOnResume]
        public string? Device { get; set; }

        /// <summary>Which implementation of training step and rollouts runs. Default <see cref="Acceleration.Auto"/>.</summary>
        [MayChangeOnResume]
        public Acceleration Acceleration { get; set; } = Acceleration.Auto;

        /// <summary>
        /// Threads of the CPU's fast path, 1 or 2. Default 1, which lets several trainings run side by side, one a core; 2 makes a single one faster. The
        /// results are the same, bit for bit.
        /// </summary>
        [MayChangeOnResume]
        public int Workers { get; set; } = 1;

        /// <summary>A copy that later changes by the caller leave alone.</summary>
        internal Options Copy()
        {
            var copy = (Options)MemberwiseClone();
            copy.HiddenSizes = [.. HiddenSizes];
            copy.WeightDecays = WeightDecays is null ? null : [.. WeightDecays];
            return copy;
        }

        /// <exception cref="ArgumentException">Some value cannot be used; the message names it.</exception>
        internal void Validate()
        {
            Check.AtLeast(1, MemberCount);
            Check.AtLeast(1, EliteCount);
            if (EliteCount > MemberCount)
                throw new ArgumentOutOfRangeException(
                    nameof(EliteCount), EliteCount, Invariant($"EliteCount must be at most MemberCount, which is {MemberCount}."));
            Check.HiddenSizes(HiddenSizes);
            if (WeightDecays is not null && WeightDecays.Count != HiddenSizes.Count + 1)
                throw new ArgumentException(
                    Invariant($"WeightDecays has {WeightDecays.Count} values, but {HiddenSizes.Count} hidden layers need {HiddenSizes.Count + 1}, one a ") +
                        "layer.",
                    nameof(WeightDecays));
            foreach (var decay in WeightDecays ?? []) Check.NotNegative(decay, nameof(WeightDecays));
            Check.Positive(LearningRate);
            if (GradientClipping is { } clipping) Check.Positive(clipping, nameof(GradientClipping));
            Check.AtLeast(1, BatchSize);
            Check.Within(0, 0.9, Check.NotNegative(HoldoutRatio), nameof(HoldoutRatio));
            if (HoldoutRatio == 0 && MaxEpochs is null && MaxOptimizerSteps is null)
                throw new ArgumentException(
                    "HoldoutRatio is 0, so that nothing tells when a fit is to end: set MaxEpochs or MaxOptimizerSteps, or hold rows out.",
                    nameof(HoldoutRatio));
            Check.AtLeast(1, MaxHoldoutRows);
            Check.AtLeast(0, Patience);
            Check.NotNegative(ImprovementThreshold);
            Check.AtLeast(1, RestartInterval ?? 1, nameof(RestartInterval));
            Check.Defined(Loss);
            Check.AtLeast(1, MaxEpochs ?? 1, nameof(MaxEpochs));
            Check.AtLeast(1, MaxOptimizerSteps ?? 1, nameof(MaxOptimizerSteps));
            if (!Enum.IsDefined(Target))
                throw new ArgumentOutOfRangeException(nameof(Target), Target, $"Target must be one of {string.Join(", ", Enum.GetNames<DynamicsTarget>())}.");
            Check.Finite(MinLogVariance);
            Check.Within(MinLogVariance, double.MaxValue, Check.Finite(MaxLogVariance), nameof(MaxLogVariance));
            if (!Enum.IsDefined(Acceleration))
                throw new ArgumentOutOfRangeException(nameof(Acceleration), Acceleration, $"{nameof(Acceleration)} must be Auto or Reference.");
            Check.Within(1, 2, Workers);
            Devices.Validate(Device);
        }

        /// <summary><see cref="WeightDecays"/>, or the default for the number of layers.</summary>
        internal IReadOnlyList<double> ResolveWeightDecays()
        {
            var last = HiddenSizes.Count;
            return WeightDecays ?? [.. Enumerable.Range(0, last + 1)
                .Select(layer => layer == last ? LastDecay : layer switch { 0 => FirstDecay, 1 => SecondDecay, _ => MiddleDecay })];
        }
    }
}
