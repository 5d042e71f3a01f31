using System.Globalization;

namespace MbpoML.Tool.Evaluations;

/// <summary>Logged transitions of a CSV file: observation, action, reward, next observation and whether the task ended, in this order, a row for each step.</summary>
/// <param name="Observations">The observations before the steps.</param>
/// <param name="Actions">The actions taken, in the environment's units.</param>
/// <param name="Rewards">The rewards of the steps.</param>
internal sealed record LogFile(List<float[]> Observations, List<float[]> Actions, List<double> Rewards)
{
    private static readonly char[] Separators = [',', ';', '\t'];

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its columns are parted by commas, semicolons or tabs; numbers have a decimal point; a first line that is no row of numbers names the columns.</param>
    /// <param name="observations">Dimensions of an observation.</param>
    /// <param name="actions">Dimensions of an action.</param>
    /// <exception cref="UsageException">There is no such file, it has other columns, or a cell is no number; the message names line and column.</exception>
    public static LogFile Read(string path, int observations, int actions)
    {
        if (!File.Exists(path)) throw new UsageException($"There is no log '{path}': --log names a CSV file of transitions, or the folder of a run.");
        var log = new LogFile([], [], []);
        string[]? names = null;
        var separator = ',';
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (number == 1) separator = Separators.MaxBy(one => line.Count(letter => letter == one));
            var cells = line.Split(separator, StringSplitOptions.TrimEntries);
            if (cells.Length != (2 * observations) + actions + 2)
            {
                throw new UsageException(
                    Invariant($"Line {number} of '{path}' has {cells.Length} columns, but a row has {(2 * observations) + actions + 2}: {observations} of the observation, {actions} of the action, the reward, ") +
                    Invariant($"{observations} of the next observation, and whether the task ended (0 or 1, false or true)."));
            }

            if (names is null && number == 1 && cells.All(cell => Number(cell) is null))
            {
                names = cells;
                continue;
            }

            log.Add(cells, column => Invariant($"Line {number} of '{path}', column {column + 1}{(names is null ? "" : $" ({names[column]})")}: '{cells[column]}' is no number."), observations, actions);
        }

        return log.Rewards.Count > 0 ? log : throw new UsageException($"There is no row in '{path}'.");
    }

    /// <summary>Adds a row.</summary>
    public void Add(float[] observation, float[] action, double reward)
    {
        Observations.Add(observation);
        Actions.Add(action);
        Rewards.Add(reward);
    }

    private void Add(string[] cells, Func<int, string> complaint, int observations, int actions)
    {
        // The end of the task is no number in every file, and nothing is asked of it here.
        float[] row = [.. cells[..^1].Select((cell, column) => Number(cell) ?? throw new UsageException(complaint(column)))];
        Add(row[..observations], row[observations..(observations + actions)], row[observations + actions]);
    }

    private static float? Number(string cell) => float.TryParse(cell.Trim('"'), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value) ? value : null;
}
