using MbpoML.Numerics.Torch;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Policies.Serving;

/// <summary>Reads observations ahead, so that one pass through the network serves many rows; a second cursor passes other columns through.</summary>
internal sealed class PolicyCursor : DataViewRowCursor
{
    private readonly PolicySchema _schema;
    private readonly RowPolicy _policy;
    private readonly bool[] _active;
    private readonly DataViewRowCursor _rows;
    private readonly ObservationReader? _ahead;
    private readonly int _mostRowsAhead = RowPolicy.PieceRows * OneTorchThread.MostPieces;
    private float[] _actions = [];
    private int _rowsAhead = RowPolicy.PieceRows;
    private int _blockStart;
    private int _blockRows;
    private long _position = -1;

    public PolicyCursor(IDataView input, PolicySchema schema, RowPolicy policy, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        (_schema, _policy) = (schema, policy);
        _active = new bool[schema.Output.Count];
        foreach (var column in columnsNeeded)
        {
            schema.IsAction(column);
            _active[column.Index] = true;
        }
        _rows = input.GetRowCursor(schema.Input.Where(column => _active[column.Index]));
        if (!_active[schema.Action.Index]) return;
        _ahead = new ObservationReader(input, schema.Observation, policy.ObservationSize);
    }

    public override DataViewSchema Schema => _schema.Output;

    public override long Position => _position;

    public override long Batch => 0;

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        _schema.IsAction(column);
        return _active[column.Index];
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => _rows.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!_schema.IsAction(column)) return _rows.GetGetter<TValue>(_schema.PassedThrough(column));
        if (_ahead is null) throw new InvalidOperationException($"Column '{column.Name}' is not active in this cursor; name it among the columns needed.");
        return PolicySchema.Getter<TValue>(column, GetAction);
    }

    public override bool MoveNext()
    {
        if (!_rows.MoveNext())
        {
            _position = -1;
            return false;
        }
        _position++;
        if (_ahead is not null && ++_blockStart >= _blockRows) ReadBlock(_ahead);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _rows.Dispose();
            _ahead?.Dispose();
        }
        base.Dispose(disposing);
    }

    private void ReadBlock(ObservationReader ahead)
    {
        _blockStart = 0;
        _blockRows = ahead.Read(_rowsAhead);
        if (_blockRows == 0) throw new InvalidOperationException("Two cursors over the same input gave different numbers of rows; cache the input first.");
        if (_actions.Length < _rowsAhead * _policy.ActionSize) _actions = new float[_rowsAhead * _policy.ActionSize];
        _policy.Evaluate(_blockRows, ahead.Observations, ahead.Ids, _actions);
        // A few rows are one thread's work; a view that goes on is worth more.
        _rowsAhead = Math.Min(2 * _rowsAhead, _mostRowsAhead);
    }

    private void GetAction(ref VBuffer<float> value)
    {
        if (_position < 0) throw new InvalidOperationException("The cursor stands on no row: call MoveNext first, and read only while it returns true.");
        var size = _policy.ActionSize;
        var editor = VBufferEditor.Create(ref value, size);
        _actions.AsSpan(_blockStart * size, size).CopyTo(editor.Values);
        value = editor.Commit();
    }
}
