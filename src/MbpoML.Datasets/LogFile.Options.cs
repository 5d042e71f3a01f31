namespace MbpoML.Datasets;

/// <content>What the columns of a table mean.</content>
public static partial class LogFile
{
    /// <summary>
    /// Which columns of a table are what: the options of <c>mbpo offline</c>. A file that holds transitions takes <see cref="Reward"/> alone. Every default is
    /// ours.
    /// </summary>
    public sealed class Options
    {
        /// <summary>The columns that were measured (<c>--observe</c>), in the plant's units. A table needs at least one. Default: none.</summary>
        public IReadOnlyList<string> Observe { get; set; } = [];

        /// <summary>The columns that the controller set (<c>--act</c>), in the plant's units. A table needs at least one. Default: none.</summary>
        public IReadOnlyList<string> Act { get; set; } = [];

        /// <summary>The columns of what the plant was to reach (<c>--set-points</c>). Default: none.</summary>
        public IReadOnlyList<string> SetPoints { get; set; } = [];

        /// <summary>
        /// The reward (<c>--reward</c>): a column, or a formula over the columns above, such as <c>-(T - SP)**2 - 0.01 * Q</c>; <c>next_T</c> is T after the
        /// step. In a file of transitions the names are o0, o1 ... and a0, a1 ..., or what the file calls them. A table needs one. Default: null, that of the
        /// file.
        /// </summary>
        public string? Reward { get; set; }

        /// <summary>The column of times (<c>--time</c>): numbers in any unit, or dates. Default: null, the rows are one unit apart.</summary>
        public string? Time { get; set; }

        /// <summary>The column that tells episodes apart (<c>--episode</c>). Default: null, gaps in the times alone do.</summary>
        public string? Episode { get; set; }

        /// <summary>
        /// Whether a time that goes back begins another episode (<c>--time-restarts</c>), as where a plant restarts its clock. Default: false, it is an error.
        /// </summary>
        public bool TimeRestarts { get; set; }

        /// <summary>
        /// The part by which the time between two rows may differ from its median (<c>--tolerance</c>); where it differs more there is a gap. From 0 to 0.5.
        /// Default: 0.1.
        /// </summary>
        public double Tolerance { get; set; } = 0.1;

        /// <summary>The time between two decisions (<c>--step</c>), in the unit of <see cref="Time"/>, seconds for dates. Default: null, that between two rows.
        /// </summary>
        public double? Step { get; set; }

        /// <summary>The column that marks rows in which the task is over (<c>--terminated</c>). Default: null, none is.</summary>
        public string? Terminated { get; set; }

        /// <summary>The earlier observations that a policy sees, too (<c>--past-observations</c>), in steps. Default: 0.</summary>
        public int PastObservations { get; set; }

        /// <summary>The earlier actions that a policy sees, too (<c>--past-actions</c>), in steps. Default: 0.</summary>
        public int PastActions { get; set; }

        /// <summary>Whether a row with a missing value counts as a gap (<c>--skip-missing</c>). Default: false, it is an error.</summary>
        public bool SkipMissing { get; set; }

        /// <summary>Whether observations may be the same in all rows (<c>--keep-constants</c>). Default: false, it is an error.</summary>
        public bool KeepConstants { get; set; }
    }
}
