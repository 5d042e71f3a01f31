using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Numerics.Torch;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble.Serving;

/// <summary>Some rows of observation and action, and what an ensemble predicts for them. Many rows are taken in pieces, side by side.</summary>
internal sealed class PredictionBlock(IEnsembleDynamicsModel model, int capacity)
{
    private readonly int _observationSize = model.Layout.ObservationSize;
    private readonly int _actionSize = model.Layout.ActionSize;
    /// <summary>Rows that are predicted together: their activations stay in the processor's cache.</summary>
    public const int PieceRows = 1024;

    private float[] _observations = new float[capacity * model.Layout.ObservationSize];
    private float[] _actions = new float[capacity * model.Layout.ActionSize];
    // Row-major, [rows, 1 + observation], the reward first.
    private float[] _means = new float[capacity * (1 + model.Layout.ObservationSize)];
    private float[] _deviations = new float[capacity * (1 + model.Layout.ObservationSize)];

    /// <summary>A reader that copies observation and action of the source's current row into a row of this block.</summary>
    public Action<int> BindInputs(DataViewRow source, TransitionColumns columns)
    {
        var readObservation = Bind(source, columns.Observation, _observationSize);
        var readAction = Bind(source, columns.Action, _actionSize);
        return row =>
        {
            readObservation(_observations, row);
            readAction(_actions, row);
        };
    }

    /// <summary>Makes room for more rows; what was read and predicted is lost.</summary>
    public void Reserve(int rows)
    {
        if (rows * _actionSize <= _actions.Length) return;
        (_observations, _actions) = (new float[rows * _observationSize], new float[rows * _actionSize]);
        (_means, _deviations) = (new float[rows * (1 + _observationSize)], new float[rows * (1 + _observationSize)]);
    }

    /// <summary>Predicts the first rows.</summary>
    // Within a piece torch's threads would wait for each other rather than help, above all where other programs use the cores.
    public void Compute(int rows) =>
        OneTorchThread.RunEach((rows + PieceRows - 1) / PieceRows, piece => Compute(piece * PieceRows, Math.Min(PieceRows, rows - (piece * PieceRows))));

    private void Compute(int start, int rows)
    {
        using var scope = NewDisposeScope();
        var observation = tensor(_observations.AsSpan(start * _observationSize, rows * _observationSize).ToArray(), rows, _observationSize);
        var action = tensor(_actions.AsSpan(start * _actionSize, rows * _actionSize).ToArray(), rows, _actionSize);
        var (mean, deviation) = model.Predict(observation, action);
        mean.cpu().contiguous().data<float>().CopyTo(_means, start * (1 + _observationSize));
        deviation.cpu().contiguous().data<float>().CopyTo(_deviations, start * (1 + _observationSize));
    }

    /// <summary>A getter of an added column, by its place among those of <see cref="PredictionSchema"/>.</summary>
    /// <param name="added">0 to 3.</param>
    /// <param name="currentRow">The row of this block that stands for the current row; the block is computed when it returns.</param>
    public Delegate CreateGetter(int added, Func<int> currentRow) => added switch
    {
        0 => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => ReadNextObservation(RowOf(_means, currentRow()), ref value)),
        1 => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => ReadNextObservation(RowOf(_deviations, currentRow()), ref value)),
        2 => (ValueGetter<float>)((ref float value) => value = RowOf(_means, currentRow())[0]),
        _ => (ValueGetter<float>)((ref float value) => value = RowOf(_deviations, currentRow())[0]),
    };

    private ReadOnlySpan<float> RowOf(float[] values, int row) => values.AsSpan(row * (1 + _observationSize), 1 + _observationSize);

    private static void ReadNextObservation(ReadOnlySpan<float> row, ref VBuffer<float> target)
    {
        var editor = VBufferEditor.Create(ref target, row.Length - 1);
        row[1..].CopyTo(editor.Values);
        target = editor.Commit();
    }

    // A vector of a known size, or a number as a vector of one: its type was checked with the schema.
    private static Action<float[], int> Bind(DataViewRow source, string name, int width)
    {
        var column = source.Schema[name];
        if (column.Type is not VectorDataViewType)
        {
            var getNumber = source.GetGetter<float>(column);
            return (values, row) =>
            {
                getNumber(ref values[row]);
                ServedRow.RequireFinite(values.AsSpan(row, 1), name, source.Position);
            };
        }
        var getVector = source.GetGetter<VBuffer<float>>(column);
        var vector = default(VBuffer<float>);
        return (values, row) =>
        {
            getVector(ref vector);
            ServedRow.RequireLength(vector.Length, width, name, source.Position);
            vector.CopyTo(values.AsSpan(row * width, width));
            ServedRow.RequireFinite(values.AsSpan(row * width, width), name, source.Position);
        };
    }
}
