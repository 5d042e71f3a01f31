using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Policies;

/// <summary>Reads observations a block ahead, so that one pass through the network serves many rows; a second cursor passes other columns through.</summary>
internal sealed class PolicyCursor : DataViewRowCursor
{
    /// <summary>Rows evaluated together: enough to feed the matrix products, few enough to stay in the cache.</summary>
    internal const int BlockSize = 512;

    private readonly PolicySchema _schema;
    private readonly RowPolicy _policy;
    private readonly bool[] _active;
    private readonly DataViewRowCursor _rows;
    private readonly ObservationReader? _ahead;
    private readonly float[] _actions;
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
        _actions = [];
        if (!_active[schema.Action.Index]) return;
        _ahead = new ObservationReader(input, schema.Observation, policy.ObservationSize, BlockSize);
        _actions = new float[BlockSize * policy.ActionSize];
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
        _blockRows = ahead.Read();
        if (_blockRows == 0) throw new InvalidOperationException("Two cursors over the same input gave different numbers of rows; cache the input first.");
        _policy.Evaluate(_blockRows, ahead.Observations, ahead.Ids, _actions);
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
