using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;

namespace MbpoML.Policies.ValueGradient;

public sealed partial class ValueGradientTrainer
{
    /// <summary>
    /// The hyper-parameters of the value gradient. The defaults are those of the published code of double-horizon MBPO (4kubo/erl_lib, TMLR 2025), unless said
    /// otherwise.
    /// </summary>
    public sealed class Options
    {
        /// <summary>
        /// H, the imagined steps that an update looks ahead and is differentiated through, from 1 to 100. Default 5. A step more costs an update about a tenth.
        /// </summary>
        public int Horizon { get; set; } = 5;

        /// <summary>The sizes of the actor's hidden SiLU layers. Default 256, 256 and 256.</summary>
        public IReadOnlyList<int> ActorHiddenSizes { get; set; } = [256, 256, 256];

        /// <summary>The sizes of the critics' hidden SiLU layers. Default 256, 256 and 256.</summary>
        public IReadOnlyList<int> CriticHiddenSizes { get; set; } = [256, 256, 256];

        /// <summary>N, the number of critics, from 1 to 100. Default 5. The policy climbs the mean of all.</summary>
        public int Critics { get; set; } = 5;

        /// <summary>
        /// Target critics, drawn anew for each update, whose least value the critics' target takes, from 1 to <see cref="Critics"/>. Default 2, or 1 where
        /// there is one critic.
        /// </summary>
        /// <remarks>X. Chen, C. Wang, Z. Zhou and K. Ross, "Randomized ensembled double Q-learning" (ICLR 2021).</remarks>
        public int TargetCritics { get; set; } = 2;

        /// <summary>
        /// Whether the critics' hidden layers are normalised, each row to zero mean and unit variance, with 1e-5 added to the variance. Default true.
        /// </summary>
        public bool CriticNorm { get; set; } = true;

        /// <summary>
        /// The share of the critics' hidden sums that is set to zero where the critics learn, from 0 to below 1. Default 0; the published code has 0.001,
        /// without a measured gain here.
        /// </summary>
        public double CriticDropout { get; set; }

        /// <summary>Start states of an update, from 2. Default 256.</summary>
        public int BatchSize { get; set; } = 256;

        /// <summary>The learning rate of Adam for the actor. Default 3e-4.</summary>
        public double ActorLearningRate { get; set; } = 3e-4;

        /// <summary>The learning rate of Adam for the critics. Default 3e-4.</summary>
        public double CriticLearningRate { get; set; } = 3e-4;

        /// <summary>The learning rate of Adam for the logarithm of the temperature α. Default 3e-4.</summary>
        public double TemperatureLearningRate { get; set; } = 3e-4;

        /// <summary>
        /// Decoupled weight decay of actor and critics, at least 0: each update first multiplies the weights by 1 - learning rate · decay (AdamW; I.
        /// Loshchilov and F. Hutter, ICLR 2019). Default 0: none.
        /// </summary>
        public double WeightDecay { get; set; }

        /// <summary>γ, how much a reward counts one step later, from 0 to below 1. Default 0.995.</summary>
        public double Discount { get; set; } = 0.995;

        /// <summary>τ, how far the target critics move towards the critics in each update, above 0 and at most 1. Default 0.005.</summary>
        public double TargetSmoothing { get; set; } = 0.005;

        /// <summary>α, what a nat of entropy is worth in units of reward, at the beginning, above 0; it is learned from there. Default 0.1.</summary>
        public double InitialTemperature { get; set; } = 0.1;

        /// <summary>
        /// The entropy that α keeps the policy at, in nats of actions scaled to [-1, 1]. Default null: minus the number of action dimensions.
        /// </summary>
        public double? TargetEntropy { get; set; }

        /// <summary>
        /// Whether the critics' outputs are scaled by the range in which values can lie, and their targets cut to it: the 1 % and the 99 % quantile of reward
        /// plus entropy bonus, over 1 - γ. Default true.
        /// </summary>
        public bool ScaledTargets { get; set; } = true;

        /// <summary>How far that range moves to the one of an update's rewards, above 0 and at most 1; the first update sets it. Default 3e-4.</summary>
        public double BoundsRate { get; set; } = 3e-4;

        /// <summary>
        /// Whether the range always holds 0 where the task can end. Default true, our choice: where every step earns about 1, the range alone would value an
        /// end at nearly as much as going on.
        /// </summary>
        public bool ZeroInBounds { get; set; } = true;

        /// <summary>
        /// Whether the policy climbs the critics' value of the last step of an imagined rollout that ends, in place of that step's reward. That a task ends
        /// has no derivative: without it, nothing leads the policy away from an end within the horizon. Default: false (official code).
        /// </summary>
        public bool CriticAtEnds { get; set; }

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
        /// How far an averaged copy of the actor moves towards it in each update, above 0 and at most 1. The copy takes the most likely actions and becomes the
        /// transformer; draws are the actor's own. Default null: there is no copy.
        /// </summary>
        public double? ActorAveraging { get; set; }

        /// <summary>
        /// The dynamics model when the estimator is used alone; MBPO has its own. Default null: the paper's ensemble of probabilistic networks.
        /// </summary>
        public IDynamicsEstimator? Dynamics { get; set; }

        /// <summary>
        /// Which imagined transitions end the task when the estimator is used alone; MBPO has that of the environment. Default null: what the model says, or
        /// none.
        /// </summary>
        public ITerminationFunction? Termination { get; set; }

        /// <summary>
        /// The reward, where it is known and differentiable, when the estimator is used alone; MBPO has that of the environment. Default null: the model's
        /// prediction.
        /// </summary>
        public IRewardFunction? Reward { get; set; }

        /// <summary>Updates of one Fit when the estimator is used alone; MBPO counts its own. Default 5000, our choice: some minutes on one core.</summary>
        public int Updates { get; set; } = 5000;

        /// <summary>The bounds of the actions in the transitions when the estimator is used alone. Default null: [-1, 1] in each dimension.</summary>
        public BoxSpace? ActionSpace { get; set; }

        /// <summary>The seed of weights, noise and start states when the estimator is used alone. Default null: from the MLContext's random stream.</summary>
        [MayChangeOnResume]
        public int? Seed { get; set; }

        /// <summary>Where training runs: "cpu", "cuda" or "cuda:1". Default null: the device of the run, and "cpu" when the estimator is used alone.</summary>
        [MayChangeOnResume]
        public string? Device { get; set; }

        /// <summary>Which implementation of the update runs. Default <see cref="Acceleration.Auto"/>.</summary>
        [MayChangeOnResume]
        public Acceleration Acceleration { get; set; } = Acceleration.Auto;

        /// <summary>
        /// Threads of the CPU's fast path, 1 or 2. Default 1, which lets several trainings run side by side, one a core; 2 makes a single one faster, with the
        /// same results to the bit.
        /// </summary>
        [MayChangeOnResume]
        public int Workers { get; set; } = 1;

        /// <summary>The column that a fitted policy adds for its actions. Default "Action".</summary>
        public string OutputColumnName { get; set; } = TransitionColumns.DefaultAction;

        internal void Validate()
        {
            Check.Within(1, 100, Horizon);
            Check.HiddenSizes(ActorHiddenSizes);
            Check.HiddenSizes(CriticHiddenSizes);
            Check.Within(1, 100, Critics);
            // The default asks for two of however many there are.
            if (TargetCritics != 2 || Critics > 1) Check.Within(1, Critics, TargetCritics, nameof(TargetCritics));
            Check.Within(0, Math.BitDecrement(1.0), CriticDropout);
            Check.AtLeast(2, BatchSize);
            Check.Positive(ActorLearningRate);
            Check.Positive(CriticLearningRate);
            Check.Positive(TemperatureLearningRate);
            Check.NotNegative(WeightDecay);
            // At the larger rate an update would leave nothing of a weight.
            Check.Within(0, Math.BitDecrement(1 / Math.Max(ActorLearningRate, CriticLearningRate)), WeightDecay);
            Check.Within(0, Math.BitDecrement(1.0), Discount);
            Check.Within(0, 1, Check.Positive(TargetSmoothing), nameof(TargetSmoothing));
            Check.Positive(InitialTemperature);
            if (TargetEntropy is { } targetEntropy) Check.Finite(targetEntropy, nameof(TargetEntropy));
            Check.Within(0, 1, Check.Positive(BoundsRate), nameof(BoundsRate));
            Check.NotNegative(ScaleTolerance);
            if (ActorAveraging is { } averaging) Check.Within(0, 1, Check.Positive(averaging, nameof(ActorAveraging)), nameof(ActorAveraging));
            Check.AtLeast(1, Updates);
            if (ActionSpace is { IsBounded: false })
                throw new ArgumentException($"{nameof(ActionSpace)} must have finite bounds: the policy's tanh is scaled onto them.", nameof(ActionSpace));
            if (ActionSpace is { } actions) _ = new ActionBounds(actions, nameof(ActionSpace));
            if (!Enum.IsDefined(Acceleration))
                throw new ArgumentOutOfRangeException(nameof(Acceleration), Acceleration, $"{nameof(Acceleration)} must be Auto or Reference.");
            Check.Within(1, 2, Workers);
            ArgumentException.ThrowIfNullOrWhiteSpace(OutputColumnName);
            Devices.Validate(Device);
        }

        internal Options Copy()
        {
            var copy = (Options)MemberwiseClone();
            (copy.ActorHiddenSizes, copy.CriticHiddenSizes) = ([.. ActorHiddenSizes], [.. CriticHiddenSizes]);
            return copy;
        }
    }
}
