using MbpoML.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Policies;

/// <summary>Reads one vector column of a view in blocks, with the rows' ids.</summary>
internal sealed class ObservationReader : IDisposable
{
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<VBuffer<float>> _getObservation;
    private readonly ValueGetter<DataViewRowId> _getId;
    private readonly string _name;
    private readonly int _size;
    private VBuffer<float> _row;

    public ObservationReader(IDataView input, DataViewSchema.Column column, int size, int blockSize)
    {
        (_name, _size) = (column.Name, size);
        _cursor = input.GetRowCursor([column]);
        _getObservation = _cursor.GetGetter<VBuffer<float>>(column);
        _getId = _cursor.GetIdGetter();
        Observations = new float[blockSize * size];
        Ids = new DataViewRowId[blockSize];
    }

    /// <summary>The block's observations, row-major [rows, observation].</summary>
    public float[] Observations { get; }

    /// <summary>The ids of the block's rows.</summary>
    public DataViewRowId[] Ids { get; }

    /// <summary>Reads the next block.</summary>
    /// <returns>The number of rows read; 0 at the end.</returns>
    public int Read()
    {
        var rows = 0;
        while (rows < Ids.Length && _cursor.MoveNext())
        {
            _getObservation(ref _row);
            ServedRow.RequireLength(_row.Length, _size, _name, _cursor.Position);
            _row.CopyTo(Observations.AsSpan(rows * _size, _size));
            ServedRow.RequireFinite(Observations.AsSpan(rows * _size, _size), _name, _cursor.Position);
            _getId(ref Ids[rows++]);
        }
        return rows;
    }

    public void Dispose() => _cursor.Dispose();
}
