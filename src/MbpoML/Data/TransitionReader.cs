using MbpoML.Data.Views;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Data;

/// <summary>Reads data views into tensors: whole columns at once from an <see cref="IDenseDataView"/>, with one cursor, once, from any other view.</summary>
public static class TransitionReader
{
    /// <summary>Reads the transitions of a view into memory.</summary>
    /// <param name="view">
    /// Observation, action and next observation: vector&lt;float, n&gt; of a known size, or a float, which counts as a vector of one. Reward: float.
    /// Terminated: bool. Truncated: bool, or no such column where nothing was truncated. Other columns are left alone.
    /// </param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <returns>The transitions in the view's order; the caller disposes the table.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">A column has another type, the next observation another size than the observation, the view no rows, or a value is
    /// not finite.</exception>
    public static TransitionTable Read(IDataView view, TransitionColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        columns = TransitionColumns.Checked(columns);
        var layout = ReadLayout(view.Schema, columns);
        List<RowField> fields =
        [
            RowField.Vector(view.Schema, columns.Observation, 0),
            RowField.Vector(view.Schema, columns.Action, layout.ActionOffset),
            RowField.Scalar(view.Schema, columns.Reward, layout.RewardOffset),
            RowField.Vector(view.Schema, columns.NextObservation, layout.NextObservationOffset),
            RowField.Flag(view.Schema, columns.Terminated, layout.TerminatedOffset),
        ];
        if (view.Schema.GetColumnOrNull(columns.Truncated) is not null) fields.Add(RowField.Flag(view.Schema, columns.Truncated, layout.TruncatedOffset));
        return new TransitionTable(layout, RowReader.Read(view, fields, layout.Width));
    }

    /// <summary>Reads one column of vectors, such as start states.</summary>
    /// <param name="view">A view that has the column; other columns are ignored.</param>
    /// <param name="columnName">A column of vector&lt;float, n&gt; of a known size, or of float, which counts as a vector of one.</param>
    /// <returns>[rows, n], float32, on the CPU; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing.</exception>
    /// <exception cref="ArgumentException">The column has another type, the view no rows, or a value is not finite.</exception>
    public static Tensor ReadVectors(IDataView view, string columnName)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentException.ThrowIfNullOrEmpty(columnName);
        var field = RowField.Vector(view.Schema, columnName, 0);
        return RowReader.Read(view, [field], field.Width);
    }

    /// <summary>The sizes of observation and action as the schema tells them; reads no row.</summary>
    /// <param name="schema">The schema of a view of transitions.</param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">A column has another type, or the next observation another size than the observation.</exception>
    public static TransitionLayout ReadLayout(DataViewSchema schema, TransitionColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        columns = TransitionColumns.Checked(columns);
        var observation = RowField.Vector(schema, columns.Observation, 0);
        var action = RowField.Vector(schema, columns.Action, 0);
        var nextObservation = RowField.Vector(schema, columns.NextObservation, 0);
        return nextObservation.Width == observation.Width
            ? new TransitionLayout(observation.Width, action.Width)
            : throw new ArgumentException(
                Invariant($"Column '{columns.NextObservation}' has {nextObservation.Width} values a row, but column '{columns.Observation}' has ") +
                    Invariant($"{observation.Width}; both must describe the same state."),
                nameof(schema));
    }
}
