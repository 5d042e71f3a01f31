using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Numerics;

namespace MbpoML.Data.TimeSeries;

/// <content>What the columns of a log mean.</content>
public sealed partial class TimeSeriesLog
{
    /// <summary>Which columns of a log are what, and where its episodes end. Every default is ours: no standard says what a plant's log looks like.</summary>
    public sealed class Options
    {
        /// <summary>
        /// The columns that were measured, in the plant's units: numbers, or vectors of them. Required: at least one. Default: none.
        /// </summary>
        public IReadOnlyList<string> Observations { get; set; } = [];

        /// <summary>The columns that the controller set, in the plant's units; each holds from its row until the next one. Required: at least one. Default:
        /// none.</summary>
        public IReadOnlyList<string> Actions { get; set; } = [];

        /// <summary>The columns of what the plant was to reach. A policy sees them behind the observations. Default: none.</summary>
        public IReadOnlyList<string> SetPoints { get; set; } = [];

        /// <summary>
        /// The column of times: numbers in any unit, or dates, times and ISO 8601 texts, which count in seconds. It must rise within an episode. Default: null,
        /// the rows follow each other without gaps, one unit of time apart.
        /// </summary>
        public string? Time { get; set; }

        /// <summary>
        /// The time between two decisions of the policy, in the unit of <see cref="Time"/>: a whole multiple of the time between two rows. The action of such a
        /// step is the mean over its rows, and the reward of <see cref="RewardColumn"/> their sum. Default: null, the median time between two rows.
        /// </summary>
        public double? SamplingTime { get; set; }

        /// <summary>
        /// The part by which the time between two rows may differ from its median. Where it differs more there is a gap, which ends the episode as truncated.
        /// From 0 to 0.5. Default: 0.1.
        /// </summary>
        public double Tolerance { get; set; } = 0.1;

        /// <summary>The column that tells episodes apart: where its value changes, an episode ends as truncated. Default: null, gaps alone end one.</summary>
        public string? Episode { get; set; }

        /// <summary>Whether a time that goes back begins another episode, as where a plant restarts its clock. Default: false, it is an error.</summary>
        public bool TimeRestarts { get; set; }

        /// <summary>The earlier observations that a policy sees behind the set points, one step, two steps ... before; for what one row does not show, such as
        /// velocities. Default: 0.</summary>
        public int PastObservations { get; set; }

        /// <summary>The earlier actions that a policy sees last of all, for a plant that answers late: the delay in steps. Default: 0.</summary>
        public int PastActions { get; set; }

        /// <summary>
        /// The reward of a step, from what the policy sees: observation [observation], action [action], next observation [observation]. Default: null,
        /// <see cref="RewardColumn"/> has it.
        /// </summary>
        public RowReward? Reward { get; set; }

        /// <summary>The column with the reward of the step that begins in the row. Default: null, <see cref="Reward"/> computes it.</summary>
        public string? RewardColumn { get; set; }

        /// <summary>Whether a step ended the task, so that nothing can be earned after it; arguments as for <see cref="Reward"/>. Default: null, none did.
        /// </summary>
        public RowTermination? Termination { get; set; }

        /// <summary>
        /// The column of flags, or of numbers other than 0, that mark the rows in which the task is over, as after a trip. The step into such a row is
        /// terminated, and none begins there. Default: null, none is.
        /// </summary>
        public string? TerminationColumn { get; set; }

        /// <summary>The bounds of the actions, in the plant's units; the log must stay within them. Default: null, the least and the greatest action of the
        /// log.</summary>
        public BoxSpace? ActionSpace { get; set; }

        /// <summary>Whether a row with a missing value (NaN) counts as a gap. Default: false, it is an error.</summary>
        public bool SkipsMissing { get; set; }

        /// <summary>Whether observations and set points may be the same in all rows. An action never may. Default: false, it is an error.</summary>
        public bool KeepsConstants { get; set; }

        internal void Validate()
        {
            Names(nameof(Observations), Observations, mayBeEmpty: false);
            Names(nameof(Actions), Actions, mayBeEmpty: false);
            Names(nameof(SetPoints), SetPoints, mayBeEmpty: true);
            if (SamplingTime is { } time) Check.Positive(time, nameof(SamplingTime));
            Check.Within(0, 0.5, Tolerance);
            Check.AtLeast(0, PastObservations);
            Check.AtLeast(0, PastActions);
            if ((Reward is null) == (RewardColumn is null))
                throw new ArgumentException(
                    Reward is null ? "There is neither Reward nor RewardColumn; give one of them."
                        : "There are Reward and RewardColumn; give only one of them.", nameof(Reward));
            if (Termination is not null && TerminationColumn is not null)
                throw new ArgumentException("There are Termination and TerminationColumn; give only one of them.", nameof(Termination));
            if (TimeRestarts && Time is null) throw new ArgumentException("TimeRestarts needs Time; name the column of times.", nameof(TimeRestarts));
            var twice = Roles().GroupBy(role => role.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
            if (twice is not null)
                throw new ArgumentException(
                    $"Column '{twice.Key}' is used as {string.Join(" and as ", twice.Select(role => role.Role))}; a column has one meaning. Earlier actions " +
                        "are observed by PastActions.");
        }

        internal Options Copy()
        {
            var copy = (Options)MemberwiseClone();
            (copy.Observations, copy.Actions, copy.SetPoints) = ([.. Observations], [.. Actions], [.. SetPoints]);
            return copy;
        }

        // Not the reward and the end of the task: what is observed may be just that.
        private IEnumerable<(string Role, string Name)> Roles() =>
        [
            .. Observations.Select(name => (nameof(Observations), name)), .. SetPoints.Select(name => (nameof(SetPoints), name)),
            .. Actions.Select(name => (nameof(Actions), name)),
            .. new[] { (nameof(Time), Time), (nameof(Episode), Episode) }.Where(role => role.Item2 is not null).Select(role => (role.Item1, role.Item2!)),
        ];

        private static void Names(string option, IReadOnlyList<string> names, bool mayBeEmpty)
        {
            ArgumentNullException.ThrowIfNull(names, option);
            if (names.Count == 0 && !mayBeEmpty) throw new ArgumentException($"{option} names no column; name at least one.", option);
            if (names.Any(string.IsNullOrEmpty)) throw new ArgumentException($"{option} has a name that is null or empty; name a column of the log.", option);
        }
    }
}
