using MbpoML.Data;
using MbpoML.Data.TimeSeries;
using MbpoML.Data.Views;
using MbpoML.Datasets.Tables;
using Microsoft.ML;

namespace MbpoML.Datasets.Rewards;

/// <summary>Transitions with another reward than the logged one.</summary>
internal static class Rewarded
{
    /// <summary>The same transitions with the reward that a formula gives.</summary>
    /// <param name="view">Transitions.</param>
    /// <param name="formula">The formula; null: the view itself.</param>
    /// <exception cref="ArgumentException">It is no formula, or gives something that is not finite.</exception>
    public static IDenseDataView View(DenseDataView view, string? formula)
    {
        if (formula is null) return view;
        var columns = TransitionColumns.Default;
        var (observationNames, actionNames) = (Names(view, columns.Observation, 'o'), Names(view, columns.Action, 'a'));
        var reward = RewardExpression.Compile(formula, observationNames, actionNames);
        using var table = TransitionReader.Read(view);
        var (layout, rewards) = (table.Layout, new float[table.Count]);
        var rows = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(table.Rows.bytes);
        for (var index = 0; index < rewards.Length; index++)
        {
            var row = rows.Slice(index * layout.Width, layout.Width);
            rewards[index] = reward(
                row[..layout.ObservationSize], row.Slice(layout.ActionOffset, layout.ActionSize),
                row.Slice(layout.NextObservationOffset, layout.ObservationSize));
            if (!float.IsFinite(rewards[index]))
                throw new ArgumentException(Invariant($"The reward '{formula}' gives {rewards[index]} in row {index}; it must give a finite number."));
        }

        return TableCopy.With(view, columns.Reward, rewards);
    }

    /// <summary>What the numbers of a column are called; "o0", "o1" ... with the given letter where the file has no names.</summary>
    /// <param name="view">Transitions.</param>
    /// <param name="column">The column.</param>
    /// <param name="letter">Stands before the place.</param>
    public static IReadOnlyList<string> Names(IDataView view, string column, char letter)
    {
        var found = new SampleColumn(view.Schema[column]);
        return view.Schema[column].Annotations.Schema.Count > 0 ? found.Names
            : [.. Enumerable.Range(0, found.Width).Select(index => Invariant($"{letter}{index}"))];
    }
}
