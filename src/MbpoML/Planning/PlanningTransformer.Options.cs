using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Numerics;

namespace MbpoML.Planning;

/// <content>The settings of planners.</content>
public sealed partial class PlanningTransformer
{
    /// <summary>How a planner imagines: how far, with how many particles, through which members, and what counts.</summary>
    public sealed class Options
    {
        /// <summary>H, the steps that are imagined. Default: 25 (PETS for the cart-pole; 30 for HalfCheetah).</summary>
        public int Horizon { get; set; } = 25;

        /// <summary>
        /// P, the times that each sequence is imagined; what it is worth is their mean. Default: null, 20 for an ensemble (PETS) and 1 for any other model.
        /// Where an ensemble draws, a multiple of the members that predict, so that each gets equally many.
        /// </summary>
        public int? Particles { get; set; }

        /// <summary>
        /// Which member of an ensemble imagines. Default: <see cref="Propagation.MemberEachRollout"/>, "TS-infinity" (PETS). With
        /// <see cref="Propagation.MemberEachStep"/>, "TS1", the particles of each sequence are dealt to the members anew at each step. A model that is no
        /// ensemble draws as it does.
        /// </summary>
        public Propagation Propagation { get; set; } = Propagation.MemberEachRollout;

        /// <summary>The factor by which each step counts less than the one before. Default: 1 (PETS).</summary>
        public double Discount { get; set; } = 1;

        /// <summary>What the state at the end of the horizon is worth, such as the critics say. Default: null, nothing (PETS).</summary>
        public ITerminalValue? TerminalValue { get; set; }

        /// <summary>
        /// The reward of each step of the horizon after the task has ended. Default: 0. Where rewards are negative, 0 makes ending attractive: give the least
        /// reward there is.
        /// </summary>
        public double RewardAfterEnd { get; set; }

        /// <summary>
        /// Penalises imagined steps, or stops them; see <see cref="RolloutRule"/>. A particle that a rule stops earns <see cref="RewardAfterEnd"/> from there.
        /// Default: null, none.
        /// </summary>
        public IRolloutRule? Rule { get; set; }

        /// <summary>
        /// Tells which imagined transitions are forbidden; <see cref="TerminationFunction"/> makes one. A sequence breaks it where more particles than
        /// <see cref="MaxViolation"/> allows make such a transition. It is then worth less than every sequence that keeps it, whatever it earns. Of two that
        /// break it, the one with fewer forbidden steps is worth more. Default: null, nothing is forbidden.
        /// </summary>
        public ITerminationFunction? Constraint { get; set; }

        /// <summary>The share of a sequence's particles that may break the <see cref="Constraint"/>, from 0 to below 1. Default: 0, none may.</summary>
        public double MaxViolation { get; set; }

        /// <summary>
        /// The most that each dimension of the action may change from one step to the next, in environment units, one number a dimension or one for all. The
        /// first action of an episode is free. Default: null, no limit.
        /// </summary>
        public IReadOnlyList<double>? MaxActionChange { get; set; }

        /// <summary>The actions of a plan that are taken before the next one is made. Default: 1 (PETS).</summary>
        public int ReplanEvery { get; set; } = 1;

        /// <summary>Whether a plan is the start of the search for the next one. Default: true (PETS).</summary>
        public bool WarmStart { get; set; } = true;

        /// <summary>
        /// The most rows (one step of one particle of one sequence) that are imagined for one plan; the optimizer then stops early. A budget of rows rather
        /// than of time, so that results repeat bit for bit. Default: null, what the optimizer's settings ask for.
        /// </summary>
        public long? MaxRows { get; set; }

        internal void Validate()
        {
            Check.AtLeast(1, Horizon);
            if (Particles is { } particles) Check.AtLeast(1, particles, nameof(Particles));
            Check.Defined(Propagation);
            if (Propagation == Propagation.Fused)
                throw new ArgumentOutOfRangeException(
                    nameof(Propagation), Propagation, "Propagation must be MemberEachStep, MemberEachRollout or Mean: a planner has no fused step.");
            Check.Within(0, 1, Discount);
            Check.Finite(RewardAfterEnd);
            Check.Within(0, 0.999, MaxViolation);
            if (MaxActionChange is not null)
            {
                if (MaxActionChange.Count == 0)
                    throw new ArgumentException("MaxActionChange has no number; give one, or one for each dimension of the action.", nameof(MaxActionChange));
                foreach (var change in MaxActionChange) Check.Positive(change, nameof(MaxActionChange));
            }

            Check.Within(1, Horizon, ReplanEvery);
            if (MaxRows is { } rows) Check.AtLeast(1L, rows, nameof(MaxRows));
        }

        internal Options Copy()
        {
            var copy = (Options)MemberwiseClone();
            copy.MaxActionChange = MaxActionChange is null ? null : [.. MaxActionChange];
            return copy;
        }

        /// <summary>The settings as a run of its own uses them.</summary>
        internal Options ForRun()
        {
            var copy = Copy();
            copy.Rule = Rule?.ForRun();
            return copy;
        }
    }
}
