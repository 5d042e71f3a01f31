namespace MbpoML.Datasets.Descriptions;

/// <summary>What the columns of a table may be, by their names and numbers.</summary>
/// <param name="Observe">Columns that were measured.</param>
/// <param name="Act">Columns that the controller set.</param>
/// <param name="SetPoints">Columns of what the plant was to reach.</param>
/// <param name="Reward">The column of rewards.</param>
/// <param name="Time">The column of times.</param>
/// <param name="Episode">The column that tells episodes apart.</param>
internal sealed record Roles(
    IReadOnlyList<string> Observe, IReadOnlyList<string> Act, IReadOnlyList<string> SetPoints, string? Reward, string? Time, string? Episode)
{
    // Words of which one begins a part of the name, as in "heater_1" or "TankLevelSP".
    private static readonly string[] TimeWords =
        ["time", "timestamp", "date", "datetime", "second", "seconds", "sec", "minute", "minutes", "hour", "hours", "t"];

    private static readonly string[] EpisodeWords = ["episode", "run", "experiment", "trial", "batch", "rollout", "trajectory", "campaign", "lot"];
    private static readonly string[] RewardWords = ["reward", "rewards"];
    private static readonly string[] SetPointWords = ["setpoint", "sp", "set", "target", "reference", "ref", "desired"];

    private static readonly string[] ActionWords =
    [
        "action", "act", "heater", "valve", "motor", "throttle", "steering", "steer", "brake", "pump", "fan", "command", "cmd", "control", "input", "actuator",
        "duty", "pwm", "q", "u", "mv", "voltage", "torque",
    ];

    /// <summary>Guesses.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="time">The column of times, where it is known.</param>
    /// <param name="episode">The column of episodes, where it is known.</param>
    public static Roles Guess(DescribedColumns columns, string? time, string? episode)
    {
        episode ??= columns.All.FirstOrDefault(column => column.Name != time && IsLabel(column))?.Name;
        var label = episode is null ? null : columns[episode];
        time ??= columns.All.FirstOrDefault(column => column.Kind == ColumnKind.Time || IsClock(column, label))?.Name;
        DescribedColumn[] rest = [.. columns.All.Where(column => column.Kind == ColumnKind.Number && column.Name != time && column.Name != episode)];
        var reward = rest.FirstOrDefault(column => Says(column.Name, RewardWords))?.Name;
        // What has no value or only one tells nothing.
        string[] numbers = [.. rest.Where(column => column.Name != reward && column.Describe() is { IsConstant: false, Minimum: not double.NaN })
            .Select(column => column.Name)];
        string[] setPoints = [.. numbers.Where(name => Says(name, SetPointWords))];
        string[] actions = [.. numbers.Except(setPoints).Where(name => Says(name, ActionWords))];
        return new Roles([.. numbers.Except(setPoints).Except(actions)], actions, setPoints, reward, time, episode);
    }

    // A clock goes forward nearly always within an episode.
    private static bool IsClock(DescribedColumn column, DescribedColumn? label)
    {
        if (column.Kind != ColumnKind.Number || column == label || !Says(column.Name, TimeWords)) return false;
        int[] inside = [.. Enumerable.Range(1, column.Rows - 1).Where(row => label?.ChangesAt(row) != true)];
        return inside.Length > 0 && inside.Count(row => column.Numbers[row] > column.Numbers[row - 1]) >= 0.9 * inside.Length;
    }

    // A label stays for many rows.
    private static bool IsLabel(DescribedColumn column) =>
        (column.Kind == ColumnKind.Text || Says(column.Name, EpisodeWords)) && column.Changes <= column.Rows / 2;

    private static bool Says(string name, string[] words) => Parts(name).Any(part => words.Contains(part, StringComparer.OrdinalIgnoreCase));

    // The words of "heater_1", "TankLevelSP" and "valve 2 (%)", without their numbers.
    private static IEnumerable<string> Parts(string name)
    {
        var start = 0;
        for (var index = 1; index <= name.Length; index++)
        {
            var goesOn = index < name.Length && char.IsLetter(name[index]) == char.IsLetter(name[start]) &&
                !(char.IsUpper(name[index]) && char.IsLower(name[index - 1]));
            if (goesOn) continue;
            if (char.IsLetter(name[start])) yield return name[start..index];
            start = index;
        }
    }
}
