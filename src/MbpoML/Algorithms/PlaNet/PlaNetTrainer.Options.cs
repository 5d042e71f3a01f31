using MbpoML.Numerics;
using MbpoML.Training;

namespace MbpoML.Algorithms.PlaNet;

/// <content>The settings of the loop; those of model, planner and optimizer are set on them.</content>
public sealed partial class PlaNetTrainer
{
    /// <summary>The settings of the loop of PlaNet. Source: the official code, google-research/planet (scripts/configs.py).</summary>
    /// <remarks>
    /// Some options of every run have other defaults here. <see cref="TrainingOptions.RealPoolCapacity"/> is 1, because whole episodes are kept elsewhere, each
    /// frame once. <see cref="TrainingOptions.ModelReturnRollouts"/> is 0: what is imagined are beliefs.
    /// <see cref="TrainingOptions.InitialExplorationSteps"/> follows from <see cref="SeedEpisodes"/> where it is not given.
    /// <see cref="TrainingOptions.Termination"/> and <see cref="TrainingOptions.Reward"/> must be null: they are functions of states, which nobody sees here.
    /// </remarks>
    public sealed class Options : TrainingOptions
    {
        /// <summary>The settings of PlaNet.</summary>
        public Options() => (RealPoolCapacity, ModelReturnRollouts) = (1, 0);

        /// <summary>Episodes of random actions at the start, as long as the environment's longest. Default: 5 (official num_seed_episodes).</summary>
        public int SeedEpisodes { get; set; } = 5;

        /// <summary>Updates of the model before each episode. Default: 100 (official collect_every: 5000 chunks, 50 an update).</summary>
        public int UpdatesPerFit { get; set; } = 100;

        /// <summary>Real steps from one fit of the model to the next. Default: null, one before each episode, as in the paper.</summary>
        public int? ModelTrainingInterval { get; set; }

        /// <summary>
        /// The standard deviation of the normal noise on the planned actions of training, in units in which the bounds are -1 and 1. Default: 0.3 (official
        /// exploration_noises; the paper's 0.3 is a variance in some rewritings).
        /// </summary>
        public double ActionNoise { get; set; } = 0.3;

        internal override void Validate()
        {
            base.Validate();
            Check.AtLeast(1, SeedEpisodes);
            Check.AtLeast(1, UpdatesPerFit);
            if (ModelTrainingInterval is { } interval) Check.AtLeast(1, interval, nameof(ModelTrainingInterval));
            Check.NotNegative(ActionNoise);
            if (Termination is not null || Reward is not null)
                throw new ArgumentException(
                    "A function of states is given, but PlaNet imagines beliefs, and learns their rewards: leave Termination and Reward out.",
                    Termination is null ? nameof(Reward) : nameof(Termination));
            if (Overlap != OverlappedStages.None)
                throw new ArgumentException(
                    $"Overlap is {Overlap}, but PlaNet makes no update beside which the environment could run: leave it at {nameof(OverlappedStages.None)}.",
                    nameof(Overlap));
        }

        /// <summary>The same with the random steps that the seed episodes have.</summary>
        /// <param name="episodeSteps">The most steps of an episode; null where nobody knows.</param>
        internal Options WithSeedSteps(int? episodeSteps)
        {
            var copy = Copy();
            copy.InitialExplorationSteps ??= (int)Math.Min(int.MaxValue, (long)SeedEpisodes * Math.Min(LongestTrainingEpisode, episodeSteps ?? int.MaxValue));
            return copy;
        }

        internal Options Copy() => (Options)Copied();
    }
}
