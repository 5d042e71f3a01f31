using MbpoML.Numerics;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;

namespace MbpoML.Dynamics.Homoscedastic;

public sealed partial class HomoscedasticEnsembleTrainer
{
    /// <summary>How the ensemble is built and fitted.</summary>
    /// <remarks>
    /// "Official code" is that of the authors of double-horizon MBPO (A. Kubo, P. Parmas and S. Ishii, TMLR 2025; erl_lib). It trains each refit until the
    /// holdout rows stop improving, for minutes on a processor. Here a refit takes a fixed number of optimizer steps; what differs from the official code for
    /// that is called our choice.
    /// </remarks>
    public sealed class Options
    {
        // The largest epsilon of the normalisations, the factor from one layer to the next, and a floor that float32 needs (official code: 10^-i, at least
        // 1e-5).
        private const double FirstEpsilon = 1, EpsilonFactor = 0.1, LeastEpsilon = 1e-5;

        /// <summary>The number of networks, all of which predict; at least 2. Default: 8 (official code).</summary>
        public int MemberCount { get; set; } = 8;

        /// <summary>The units of each hidden layer. Default: three times 256 (official code).</summary>
        public IReadOnlyList<int> HiddenSizes { get; set; } = [256, 256, 256];

        /// <summary>
        /// Whether each hidden layer ends with a normalisation of its row, without learned factors, whose epsilon falls from layer to layer: 1, 0.1, 0.01.
        /// Default: true (official code).
        /// </summary>
        public bool LayerNormalization { get; set; } = true;

        /// <summary>
        /// The share of hidden units dropped in training, from 0 to below 1, before it is graded by layer: layer i of L hidden layers, counted from 1, drops 1
        /// - i/(L + 1) of that share. Default: 0.01, which makes 0.0075, 0.005 and 0.0025 of three layers (official code).
        /// </summary>
        public double Dropout { get; set; } = 0.01;

        /// <summary>
        /// The decoupled decay of weights and biases (AdamW), at least 0, before it is graded by layer: layer i of L hidden layers, counted from 1, has i/(L +
        /// 1) of it and the last layer all. Each step takes learning rate times decay of a weight away. Default: 1e-3, which makes 2.5e-4, 5e-4, 7.5e-4 and
        /// 1e-3 (official code).
        /// </summary>
        public double WeightDecay { get; set; } = 1e-3;

        /// <summary>The decoupled decay of the logarithms of the noise's deviations, at least 0. Default: 1e-2 (official code).</summary>
        public double NoiseDecay { get; set; } = 1e-2;

        /// <summary>Adam's step size for weights and biases at the beginning of each fit, above 0. Default: 1e-3 (official code).</summary>
        public double LearningRate { get; set; } = 1e-3;

        /// <summary>
        /// Adam's step size for the logarithms of the noise's deviations at the beginning of each fit, above 0. Default: 5e-3, our choice: with the rate of the
        /// weights, the noise does not keep up with errors that fall within few steps.
        /// </summary>
        public double NoiseLearningRate { get; set; } = 5e-3;

        /// <summary>
        /// How many of its deviations an error counts for the noise at most, from 1 to a million; the mean learns from all of it. The noise is the same in all
        /// states, so that a fall, which the model knows badly, makes it larger in all others. With 3 the noise of normal errors falls by a quarter of one
        /// per cent. No gain was measured: with 3 a fall of a HalfCheetah still raised the noise by 27 %. Default: null, all of each error, as in the
        /// official code.
        /// </summary>
        public double? NoiseErrorLimit { get; set; }

        /// <summary>
        /// What both step sizes fall to within each fit, in a straight line, as a share of those at its beginning; from 0 to 1. Default: 0.3, our choice; the
        /// official code keeps its rate.
        /// </summary>
        public double FinalLearningRateRatio { get; set; } = 0.3;

        /// <summary>Optimizer steps of the first fit, at least 1; each takes one minibatch of every member. Default: 2500, our choice.</summary>
        public int FirstOptimizerSteps { get; set; } = 2500;

        /// <summary>
        /// Optimizer steps of each later fit, at least 1. Default: 250, our choice, for a refit every 250 real steps; the official code takes hundreds to
        /// thousands every 1000.
        /// </summary>
        public int OptimizerSteps { get; set; } = 250;

        /// <summary>
        /// Optimizer steps of each later fit while there are at most <see cref="EarlyRows"/> transitions, at least 1: a policy that learns from few of them
        /// meets much that is new. Default: null, <see cref="OptimizerSteps"/> from the beginning (our choice).
        /// </summary>
        public int? EarlyOptimizerSteps { get; set; }

        /// <summary>The transitions up to which <see cref="EarlyOptimizerSteps"/> holds, at least 1. Default: 20,000 (our choice).</summary>
        public int EarlyRows { get; set; } = 20_000;

        /// <summary>
        /// Whether Adam's moments and its count of steps go on from fit to fit. Default: false, each fit begins with none (official code). Weights and noise
        /// always go on.
        /// </summary>
        public bool KeepOptimizerState { get; set; }

        /// <summary>
        /// New scales are taken when a column's mean has moved by this many standard deviations. They are also taken when its standard deviation has changed by
        /// this share. At least 0. Default: 0, new scales at each fit (official code).
        /// </summary>
        public double ScaleTolerance { get; set; }

        /// <summary>
        /// Whether new scales change first and last layers so that the networks stay the functions that they were. Default: false (official code).
        /// </summary>
        public bool KeepsFunctions { get; set; }

        /// <summary>
        /// Rows of each member in a minibatch, at least 1, drawn with replacement for each member on its own. Default: 256, our choice; the official code gives
        /// all members the same 2048.
        /// </summary>
        public int BatchSize { get; set; } = 256;

        /// <summary>
        /// Whether each row counts in each member's loss with a weight of its own, drawn from the exponential distribution of mean 1 (Bayesian bootstrap). The
        /// weights are decided by what stands in the row, so that they stay for ever. Default: true (official code); false: all rows count equally, and members
        /// differ by their first weights and minibatches only.
        /// </summary>
        public bool BootstrapWeights { get; set; } = true;

        /// <summary>
        /// The share of rows that are held out, from 0 to 0.9, decided by what stands in the row, so that a row held out once is never trained on. Default:
        /// 0.05, our choice: enough to measure the error; the official code holds out 0.2 to stop on. 0: nothing is held out or measured.
        /// </summary>
        public double HoldoutRatio { get; set; } = 0.05;

        /// <summary>
        /// At most so many of the held-out rows are measured in a fit, the newest; at least 1. Default: 2048, our choice; the official code takes 12,288.
        /// </summary>
        public int MaxHoldoutRows { get; set; } = 2048;

        /// <summary>
        /// Early stopping: a fit ends when so many measurements of the held-out error in a row brought no better one, and goes back to the weights of the best;
        /// at least 1. Default: null, no early stopping: all steps are taken (our choice).
        /// </summary>
        public int? Patience { get; set; }

        /// <summary>
        /// Optimizer steps from one measurement of the held-out error to the next, where <see cref="Patience"/> is set; at least 1. Default: 50, our choice.
        /// </summary>
        public int HoldoutInterval { get; set; } = 50;

        /// <summary>The seed of all randomness of the fits; default null, a seed from the ML.NET context.</summary>
        [MayChangeOnResume]
        public int? Seed { get; set; }

        /// <summary>
        /// Where to compute: "cpu", "cuda" or "cuda:1". Default null: the device of the trainer of the run, and "cpu" when the estimator is used alone.
        /// </summary>
        [MayChangeOnResume]
        public string? Device { get; set; }

        /// <summary>Which implementation of training step and imagined steps runs. Default <see cref="Acceleration.Auto"/>.</summary>
        [MayChangeOnResume]
        public Acceleration Acceleration { get; set; } = Acceleration.Auto;

        /// <summary>
        /// Threads of the CPU's fast path, 1 or 2, which share the members. Default 1, which lets several trainings run side by side, one a core; 2 makes a
        /// single one faster. The results are the same, bit for bit.
        /// </summary>
        [MayChangeOnResume]
        public int Workers { get; set; } = 1;

        /// <summary>A copy that later changes by the caller leave alone.</summary>
        internal Options Copy()
        {
            var copy = (Options)MemberwiseClone();
            copy.HiddenSizes = [.. HiddenSizes];
            return copy;
        }

        /// <exception cref="ArgumentException">Some value cannot be used; the message names it.</exception>
        internal void Validate()
        {
            Check.AtLeast(2, MemberCount);
            Check.HiddenSizes(HiddenSizes);
            Check.Within(0, Math.BitDecrement(1.0), Dropout);
            Check.NotNegative(WeightDecay);
            Check.NotNegative(NoiseDecay);
            Check.Positive(LearningRate);
            Check.Positive(NoiseLearningRate);
            if (NoiseErrorLimit is { } limit) Check.Within(1, 1e6, limit, nameof(NoiseErrorLimit));
            Check.NotNegative(ScaleTolerance);
            Check.Within(0, 1, FinalLearningRateRatio);
            Check.AtLeast(1, FirstOptimizerSteps);
            Check.AtLeast(1, OptimizerSteps);
            if (EarlyOptimizerSteps is { } early) Check.AtLeast(1, early, nameof(EarlyOptimizerSteps));
            Check.AtLeast(1, EarlyRows);
            Check.AtLeast(1, BatchSize);
            Check.Within(0, 0.9, HoldoutRatio);
            Check.AtLeast(1, MaxHoldoutRows);
            Check.AtLeast(1, Patience ?? 1, nameof(Patience));
            if (Patience is not null && HoldoutRatio == 0)
                throw new ArgumentException(
                    Invariant($"{nameof(Patience)} is {Patience}, but {nameof(HoldoutRatio)} is 0: early stopping needs rows that are held out, such as 0.2 ") +
                        "of them.", nameof(Patience));
            Check.AtLeast(1, HoldoutInterval);
            if (!Enum.IsDefined(Acceleration))
                throw new ArgumentOutOfRangeException(nameof(Acceleration), Acceleration, $"{nameof(Acceleration)} must be Auto or Reference.");
            Check.Within(1, 2, Workers);
            Devices.Validate(Device);
        }

        /// <summary>The networks that these options describe.</summary>
        /// <param name="inputs">Observation and action together.</param>
        /// <param name="outputs">The reward and the observation's changes.</param>
        internal NetworkShape ToShape(int inputs, int outputs) => new(inputs, [.. HiddenSizes.Select(ToLayer)], outputs);

        /// <summary>The optimizer steps of a fit.</summary>
        /// <param name="isFirst">Whether nothing was fitted before.</param>
        /// <param name="rows">The transitions that there are.</param>
        internal int StepsOf(bool isFirst, long rows)
        {
            if (isFirst) return FirstOptimizerSteps;
            return rows <= EarlyRows ? EarlyOptimizerSteps ?? OptimizerSteps : OptimizerSteps;
        }

        /// <summary>The decay of a layer, counted from 0.</summary>
        internal double DecayOf(int layer) => WeightDecay * (layer + 1) / (HiddenSizes.Count + 1);

        /// <summary>What the learning rates are multiplied with in a step of a fit, counted from 0.</summary>
        internal double RateFactor(int step, int steps) => 1 - ((1 - FinalLearningRateRatio) * step / steps);

        private HiddenLayer ToLayer(int units, int layer) => new(
            units,
            Activation.Silu,
            LayerNormalization ? Math.Max(FirstEpsilon * Math.Pow(EpsilonFactor, layer), LeastEpsilon) : null,
            Dropout * (1 - ((layer + 1.0) / (HiddenSizes.Count + 1))));
    }
}
