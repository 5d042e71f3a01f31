using MbpoML.Datasets.Descriptions;
using MbpoML.Numerics;
using Microsoft.ML;

namespace MbpoML.Datasets;

/// <summary>What a log holds: columns and their ranges, times and their gaps, episodes and their returns, and what may be what.</summary>
/// <remarks>Suggestions come from names and numbers alone. They are a start: whoever knows the plant decides.</remarks>
public sealed class LogDescription
{
    private LogDescription(IDataView view, string? time, string? episode)
    {
        HoldsTransitions = LogFile.HoldsTransitions(view);
        var columns = DescribedColumns.Read(view);
        Rows = columns.Rows;
        Columns = [.. columns.All.Select(column => column.Describe())];
        Roles = HoldsTransitions ? new Roles([], [], [], null, null, null) : Roles.Guess(columns, Require(columns, time), Require(columns, episode));
        Episodes = new EpisodeLengths(columns, HoldsTransitions, Roles);
        Times = Roles.Time is { } name ? new TimeSteps(columns[name], Episodes.Starts) : null;
    }

    /// <summary>Whether the file holds transitions; otherwise rows, one a sample.</summary>
    public bool HoldsTransitions { get; }

    /// <summary>The number of rows in the log.</summary>
    public int Rows { get; }

    /// <summary>The columns, in the file's order; vectors by their numbers.</summary>
    public IReadOnlyList<ColumnDescription> Columns { get; }

    /// <summary>The columns that seem to be measured; none of transitions.</summary>
    public IReadOnlyList<string> Observe => Roles.Observe;

    /// <summary>The columns that seem to be set by the controller; none of transitions.</summary>
    public IReadOnlyList<string> Act => Roles.Act;

    /// <summary>The columns that seem to be what the plant was to reach; none of transitions.</summary>
    public IReadOnlyList<string> SetPoints => Roles.SetPoints;

    /// <summary>The column that seems to hold the reward; null where none does.</summary>
    public string? Reward => Roles.Reward;

    /// <summary>The column of times, given or found; null where none is.</summary>
    public string? Time => Roles.Time;

    /// <summary>The column that tells episodes apart, given or found; null where none is.</summary>
    public string? Episode => Roles.Episode;

    /// <summary>The median time between two rows of an episode, in the unit of the times, seconds for dates; null without times.</summary>
    public double? SamplingTime => Times?.Median;

    /// <summary>The places where the time between two rows is more than a tenth away from its median; 0 without times.</summary>
    public int Gaps => Times?.Gaps ?? 0;

    /// <summary>The longest time between two rows of an episode; null without times.</summary>
    public double? LongestGap => Times?.Longest;

    /// <summary>The rows whose time is that of the row before; 0 without times.</summary>
    public int EqualTimes => Times?.Equal ?? 0;

    /// <summary>The rows whose time lies before that of the row before, within an episode; 0 without times.</summary>
    public int BackwardTimes => Times?.Backward ?? 0;

    /// <summary>The episodes, by the column that tells them apart; 1 without one.</summary>
    public int EpisodeCount => Episodes.Starts.Count;

    /// <summary>The rows of the shortest and of the longest episode.</summary>
    public (int Shortest, int Longest) EpisodeRows => (Episodes.Rows.Min(), Episodes.Rows.Max());

    /// <summary>The mean, least and greatest sum of rewards of an episode; null where no column holds rewards.</summary>
    public (double Mean, double Least, double Greatest)? Returns =>
        Episodes.Returns is { Count: > 0 } returns ? (returns.Average(), returns.Min(), returns.Max()) : null;

    private Roles Roles { get; }

    private EpisodeLengths Episodes { get; }

    private TimeSteps? Times { get; }

    /// <summary>Looks at a log.</summary>
    /// <param name="view">The log, such as <see cref="LogFile.Open"/> gives.</param>
    /// <param name="time">The column of times; null: found by its name and type.</param>
    /// <param name="episode">The column that tells episodes apart; null: found by its name and type.</param>
    /// <exception cref="ArgumentException">There is no column of that name, or no row.</exception>
    public static LogDescription Of(IDataView view, string? time = null, string? episode = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        return new LogDescription(view, time, episode);
    }

    private static string? Require(DescribedColumns columns, string? name) => name is null || columns.Find(name) is not null ? name
        : throw new ArgumentException(
            $"There is no column '{name}'. Did you mean '{NearestNames.To(name, columns.All.Select(column => column.Name), 1)[0]}'? The log has " +
                $"{string.Join(", ", columns.All.Select(column => $"'{column.Name}'"))}.", nameof(name));
}
