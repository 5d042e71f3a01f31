using MbpoML.Numerics;
using MbpoML.Training;

namespace MbpoML.Algorithms.Pets;

/// <content>The settings of the loop; those of model, planner and optimizer are set on them.</content>
public sealed partial class PetsTrainer
{
    /// <summary>The settings of the loop of PETS.</summary>
    /// <remarks>
    /// Two options of every run have other defaults here, because planning is what costs. <see cref="TrainingOptions.EvaluationEpisodes"/> is 0: the training
    /// episodes are planned as well as any, and their returns stand as evaluations. <see cref="TrainingOptions.ModelReturnRollouts"/> is 0.
    /// </remarks>
    public sealed class Options : TrainingOptions
    {
        /// <summary>The settings of PETS.</summary>
        public Options() => (EvaluationEpisodes, ModelReturnRollouts) = (0, 0);

        /// <summary>
        /// Real steps from one fit of the model to the next. Default: null, one after each episode, as in the paper: its trials are whole episodes.
        /// </summary>
        public int? ModelTrainingInterval { get; set; }

        /// <summary>
        /// The optimizer that a preset plans with. Default: <see cref="PlanningMethod.ImprovedCrossEntropy"/>, our choice; the paper's is
        /// <see cref="PlanningMethod.CrossEntropy"/>. An optimizer that is given to <c>rl.Pets</c> counts instead.
        /// </summary>
        public PlanningMethod Method { get; set; }

        internal override void Validate()
        {
            base.Validate();
            if (ModelTrainingInterval is { } interval) Check.AtLeast(1, interval, nameof(ModelTrainingInterval));
            Check.Defined(Method);
            if (Overlap != OverlappedStages.None)
                throw new ArgumentException(
                    $"Overlap is {Overlap}, but PETS makes no update beside which the environment could run: leave it at {nameof(OverlappedStages.None)}.",
                    nameof(Overlap));
        }

        internal Options Copy() => (Options)Copied();
    }
}
