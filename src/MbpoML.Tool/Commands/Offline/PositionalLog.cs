using MbpoML.Experiments.Evaluations;
using Microsoft.ML;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>Reads a CSV file of transitions: observation, action, reward, next observation and whether the task ended, a row for each step.</summary>
internal static class PositionalLog
{
    private static readonly char[] Separators = [',', ';', '\t'];

    /// <summary>Reads the file.</summary>
    /// <param name="ml">The context of the view.</param>
    /// <param name="path">The file.</param>
    /// <param name="givenObservations">Dimensions of an observation; 0 where they follow from those of an action.</param>
    /// <param name="givenActions">Dimensions of an action; 0 where they follow from those of an observation.</param>
    /// <exception cref="RunSpecException">It is no such file.</exception>
    public static IDataView Read(MLContext ml, string path, int givenObservations, int givenActions)
    {
        var (observations, actions) = Sizes(path, (givenObservations, givenActions));
        return ml.Reinforcement().Data.FromTransitions(LogFile.Read(path, observations, actions).ToTransitions());
    }

    // A row has 2 n + m + 2 columns: of n and m, one must be known.
    private static (int Observations, int Actions) Sizes(string path, (int Observations, int Actions) given)
    {
        if (given is ( > 0, > 0)) return given;
        var line = File.ReadLines(path).FirstOrDefault(line => !string.IsNullOrWhiteSpace(line))
            ?? throw new RunSpecException($"There is no row in '{path}'.");
        var columns = line.Split(Separators.MaxBy(separator => line.Count(letter => letter == separator))).Length;
        var (observations, actions) = given switch
        {
            ( > 0, _) => (given.Observations, columns - 2 - (2 * given.Observations)),
            _ => ((columns - 2 - given.Actions) / 2, given.Actions),
        };
        if (observations < 1 || actions < 1 || (2 * observations) + actions + 2 != columns)
            throw new RunSpecException(
                Invariant($"'{path}' has {columns} columns, but with {given.Observations} observations and {given.Actions} actions (0: not said) a row ") +
                    "has 2 x observations + actions + reward + end.");
        return (observations, actions);
    }
}
