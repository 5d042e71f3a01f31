using MbpoML.Data.Views;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Policies.Serving;

/// <summary>Reads one vector column of a view some rows at a time, with the rows' ids.</summary>
internal sealed class ObservationReader : IDisposable
{
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<VBuffer<float>> _getObservation;
    private readonly ValueGetter<DataViewRowId> _getId;
    private readonly string _name;
    private readonly int _size;
    private VBuffer<float> _row;

    public ObservationReader(IDataView input, DataViewSchema.Column column, int size)
    {
        (_name, _size) = (column.Name, size);
        _cursor = input.GetRowCursor([column]);
        _getObservation = _cursor.GetGetter<VBuffer<float>>(column);
        _getId = _cursor.GetIdGetter();
    }

    /// <summary>The observations read last, row-major [rows, observation].</summary>
    public float[] Observations { get; private set; } = [];

    /// <summary>The ids of those rows.</summary>
    public DataViewRowId[] Ids { get; private set; } = [];

    /// <summary>Reads the next rows.</summary>
    /// <param name="most">As many as there are, but no more than so many.</param>
    /// <returns>The number of rows read; 0 at the end.</returns>
    public int Read(int most)
    {
        if (most > Ids.Length) (Observations, Ids) = (new float[most * _size], new DataViewRowId[most]);
        var rows = 0;
        while (rows < most && _cursor.MoveNext())
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
