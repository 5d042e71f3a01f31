using MbpoML.Data;
using MbpoML.Numerics.Torch;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Dynamics.Ensemble.Serving;

/// <summary>
/// Walks over a view and predicts in blocks: one cursor reads ahead for the networks, a second, if other columns are wanted, keeps step with this one.
/// </summary>
internal sealed class PredictionCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _ahead;
    private readonly DataViewRowCursor? _beside;
    private readonly PredictionBlock _block;
    private readonly Action<int> _readInputs;
    private readonly HashSet<int> _active;
    private readonly int _inputColumnCount;
    private readonly bool _predicts;
    private readonly int _mostRowsAhead = PredictionBlock.PieceRows * OneTorchThread.MostPieces;
    private int _rowsAhead = PredictionBlock.PieceRows;
    private int _row = -1;
    private int _filled;
    private long _position = -1;

    public PredictionCursor(IDataView source, DataViewSchema schema, IEnsembleDynamicsModel model, TransitionColumns columns,
        IEnumerable<DataViewSchema.Column> needed)
    {
        Schema = schema;
        _active = [.. needed.Select(column => column.Index)];
        _inputColumnCount = source.Schema.Count;
        _predicts = _active.Any(index => index >= _inputColumnCount);
        var passed = source.Schema.Where(column => _active.Contains(column.Index)).ToArray();
        _ahead = source.GetRowCursor([source.Schema[columns.Observation], source.Schema[columns.Action]]);
        _beside = passed.Length > 0 ? source.GetRowCursor(passed) : null;
        _block = new PredictionBlock(model, _rowsAhead);
        _readInputs = _block.BindInputs(_ahead, columns);
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => 0;

    public override bool MoveNext()
    {
        _row++;
        if (_row >= _filled && !FillBlock())
        {
            (_position, _row, _filled) = (-1, -1, 0);
            return false;
        }
        _beside?.MoveNext();
        _position++;
        return true;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new ArgumentException($"Column '{column.Name}' was not asked for when the cursor was opened; pass it to GetRowCursor.", nameof(column));
        if (column.Index < _inputColumnCount) return _beside!.GetGetter<TValue>(_beside.Schema[column.Index]);
        return _block.CreateGetter(column.Index - _inputColumnCount, () => _row) as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"Column '{column.Name}' holds {column.Type}, which cannot be read as {typeof(TValue)}; ask for {column.Type.RawType}.");
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ahead.Dispose();
            _beside?.Dispose();
        }
        base.Dispose(disposing);
    }

    private bool FillBlock()
    {
        (_row, _filled) = (0, 0);
        _block.Reserve(_rowsAhead);
        while (_filled < _rowsAhead && _ahead.MoveNext()) _readInputs(_filled++);
        if (_predicts && _filled > 0) _block.Compute(_filled);
        // A few rows are one thread's work; a view that goes on is worth more.
        _rowsAhead = Math.Min(2 * _rowsAhead, _mostRowsAhead);
        return _filled > 0;
    }
}
