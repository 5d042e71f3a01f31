using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Training;

namespace MbpoML.Algorithms.MeTrpo;

/// <content>The settings of the loop; those of model, rollouts and policy are set on them.</content>
public sealed partial class MeTrpoTrainer
{
    /// <summary>The settings of the loop of ME-TRPO. The defaults are those of the authors' code (thanard/me-trpo), unless said otherwise.</summary>
    /// <remarks>
    /// <see cref="TrainingOptions.InitialExplorationSteps"/> is 3000 here, a whole iteration: the first models are fitted to random actions.
    /// </remarks>
    public sealed class Options : TrainingOptions
    {
        /// <summary>The settings of ME-TRPO.</summary>
        public Options() => InitialExplorationSteps = 3000;

        /// <summary>Real steps from one fit of the model, with the optimization that follows, to the next. Default: 3000; 6000 for Humanoid.</summary>
        public int StepsPerIteration { get; set; } = 3000;

        /// <summary>The most updates of the policy in one fitted model, at least <see cref="ValidationInterval"/>. Default: 400.</summary>
        public int MaxPolicyIterations { get; set; } = 400;

        /// <summary>Updates from one validation of the policy to the next. Default: 5.</summary>
        public int ValidationInterval { get; set; } = 5;

        /// <summary>An optimization ends when for so many updates no policy was kept. Default: 25.</summary>
        public int ValidationPatience { get; set; } = 25;

        /// <summary>
        /// The share of the ensemble's members in which a policy must promise no less than the one that was kept before, to be kept itself; above 0 and at
        /// most 1. Default: 0.7, so that of five members one may object.
        /// </summary>
        public double ValidationShare { get; set; } = 0.7;

        /// <summary>Episodes of a validation in each member, from the same starts each time. Default: 500.</summary>
        public int ValidationEpisodes { get; set; } = 500;

        /// <summary>
        /// The widest deviation of the noise on the mean action in the environment, in units in which the bounds are -1 and 1: at each step a deviation is
        /// drawn uniformly below it. Default: 3. Null: actions are drawn from the policy itself, without any other noise.
        /// </summary>
        public double? ActionNoise { get; set; } = 3;

        /// <summary>
        /// The noise on the policy's numbers, drawn once for each real episode, in units of how the last optimization changed them; with
        /// <see cref="ActionNoise"/> only. Default: 3.
        /// </summary>
        public double ParameterNoise { get; set; } = 3;

        /// <summary>
        /// Whether each optimization begins with the widest noise of the policy again, a standard deviation of 1. Default: true, as in the authors' code;
        /// MBBL's leaves it as the last optimization did (<c>reinitialize_every_itr</c>).
        /// </summary>
        public bool ResetsDeviation { get; set; } = true;

        internal override void Validate()
        {
            base.Validate();
            Check.AtLeast(1, StepsPerIteration);
            Check.AtLeast(1, ValidationInterval);
            // Fewer would never be validated, and so never kept.
            Check.AtLeast(ValidationInterval, MaxPolicyIterations, nameof(MaxPolicyIterations));
            Check.AtLeast(ValidationInterval, ValidationPatience, nameof(ValidationPatience));
            Check.Within(0, 1, Check.Positive(ValidationShare), nameof(ValidationShare));
            Check.AtLeast(1, ValidationEpisodes);
            if (ActionNoise is { } noise) Check.NotNegative(noise, nameof(ActionNoise));
            Check.NotNegative(ParameterNoise);
            if (Overlap != OverlappedStages.None)
                throw new ArgumentException(
                    $"Overlap is {Overlap}, but the policy of ME-TRPO acts only when an optimization is over: leave it at {nameof(OverlappedStages.None)}.",
                    nameof(Overlap));
        }

        internal Options Copy() => (Options)Copied();

        internal MeTrpoSettings ToSettings(EpisodeRollouts.Options rollouts) => new(
            StepsPerIteration, MaxPolicyIterations, ValidationInterval, ValidationPatience, ValidationShare, ValidationEpisodes, ActionNoise, ParameterNoise,
            ResetsDeviation, rollouts);
    }
}
