using System.Globalization;
using MbpoML.Data;

namespace MbpoML.Experiments.Evaluations;

/// <summary>
/// Logged transitions of a CSV file: observation, action, reward, next observation and whether the task ended, in this order, a row for each step.
/// </summary>
/// <param name="Observations">The observations before the steps.</param>
/// <param name="Actions">The actions taken, in the environment's units.</param>
/// <param name="Rewards">The rewards of the steps.</param>
/// <param name="NextObservations">The observations after the steps.</param>
/// <param name="Terminated">Whether the task ended with the step; null where the cell of it says neither.</param>
public sealed record LogFile(
    IReadOnlyList<float[]> Observations, IReadOnlyList<float[]> Actions, IReadOnlyList<double> Rewards, IReadOnlyList<float[]> NextObservations,
    IReadOnlyList<bool?> Terminated)
{
    private static readonly char[] Separators = [',', ';', '\t'];

    /// <summary>Reads a file of logged transitions.</summary>
    /// <param name="path">Its columns are parted by commas, semicolons or tabs; numbers have a decimal point; a first line that is no row of numbers names the
    /// columns.</param>
    /// <param name="observations">The number of dimensions of an observation, at least 1.</param>
    /// <param name="actions">The number of dimensions of an action, at least 1.</param>
    /// <exception cref="RunSpecException">There is no such file, it has other columns, or a cell is no number; the message names line and column.</exception>
    public static LogFile Read(string path, int observations, int actions)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path)) throw new RunSpecException($"There is no log '{path}': --log names a CSV file of transitions, or the folder of a run.");
        var log = new LogRows();
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
                throw new RunSpecException(
                    Invariant($"Line {number} of '{path}' has {cells.Length} columns, but a row has {(2 * observations) + actions + 2}: {observations} of ") +
                    Invariant($"the observation, {actions} of the action, the reward, ") +
                    Invariant($"{observations} of the next observation, and whether the task ended (0 or 1, false or true)."));
            }

            if (names is null && number == 1 && cells.All(cell => Number(cell) is null))
            {
                names = cells;
                continue;
            }

            log.Add(
                cells,
                column =>
                    Invariant($"Line {number} of '{path}', column {column + 1}{(names is null ? "" : $" ({names[column]})")}: '{cells[column]}' is no number."),
                    observations, actions);
        }

        return log.Count > 0 ? log.ToFile() : throw new RunSpecException($"There is no row in '{path}'.");
    }

    /// <summary>The transitions of the rows, all of one episode that goes on until the task ends.</summary>
    /// <exception cref="RunSpecException">A row does not say whether the task ended with it.</exception>
    public IEnumerable<Transition> ToTransitions() => Observations.Select((observation, row) => new Transition
    {
        Observation = observation,
        Action = Actions[row],
        Reward = (float)Rewards[row],
        NextObservation = NextObservations[row],
        Terminated = Terminated[row] ?? throw new RunSpecException(
            Invariant($"Row {row + 1} of the log does not say whether the task ended: its last column must be 0 or 1, false or true.")),
    });

    internal static float? Number(string cell) =>
        float.TryParse(cell.Trim('"'), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value) ? value : null;
}
