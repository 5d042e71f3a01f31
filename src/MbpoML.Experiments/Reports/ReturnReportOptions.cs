namespace MbpoML.Experiments.Reports;

/// <summary>What a <see cref="ReturnReport"/> shows.</summary>
public sealed class ReturnReportOptions
{
    /// <summary>The published curves that tables show by default.</summary>
    public static IReadOnlyList<string> DefaultPublished { get; } = ["mbpo", "macura", "dhmbpo", "dhmbpo-utd2", "sac", "crossq", "simbav2", "xqc"];

    /// <summary>
    /// Steps between two rows of a table, at least 1. Null, the default: the steps at which algorithms are compared (5,000 to 300,000) where curves of the task
    /// are published, else such that there are at most twelve rows.
    /// </summary>
    public int? Every { get; set; }

    /// <summary>The names of the published curves beside the runs, in the order of the columns. Default: <see cref="DefaultPublished"/>.</summary>
    public IReadOnlyList<string> Published { get; set; } = DefaultPublished;

    /// <summary>
    /// Gives the return that steps and time are counted to, null for no such table. Default: the task's own (<see cref="TaskRuns.Threshold"/>).
    /// </summary>
    public Func<TaskRuns, double?> ThresholdOf { get; set; } = task => task.Threshold;

    /// <summary>Gives the address of a picture of a task's curves, as the page sees it; null, the default, for no pictures.</summary>
    public Func<TaskRuns, string>? PictureOf { get; set; }

    /// <summary>Gives the command that makes the tables of a task, to stand above them; null, the default, for none.</summary>
    public Func<TaskRuns, string>? CommandOf { get; set; }

    internal void Validate()
    {
        if (Every is { } every) ArgumentOutOfRangeException.ThrowIfLessThan(every, 1, nameof(Every));
        ArgumentNullException.ThrowIfNull(Published);
        ArgumentNullException.ThrowIfNull(ThresholdOf);
    }
}
