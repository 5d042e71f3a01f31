using MbpoML.Data.Views;
using Microsoft.ML.Data;

namespace MbpoML.Policies.Serving;

/// <summary>A <see cref="PolicyDataView"/> over a dense input, and itself dense: the input's columns as they are, the action computed once.</summary>
internal sealed class DensePolicyDataView : PolicyDataView, IDenseDataView
{
    private readonly IDenseDataView _input;
    private readonly Lazy<float[]> _actions;

    public DensePolicyDataView(IDenseDataView input, PolicySchema schema, RowPolicy policy)
        : base(input, schema, policy)
    {
        _input = input;
        _actions = new Lazy<float[]>(ComputeActions);
    }

    public int RowCount => _input.RowCount;

    public bool TryGetColumn<T>(string columnName, out ReadOnlyMemory<T> values)
        where T : unmanaged
    {
        if (columnName != Columns.Action.Name) return _input.TryGetColumn(columnName, out values);
        values = typeof(T) == typeof(float) ? (ReadOnlyMemory<T>)(object)new ReadOnlyMemory<float>(_actions.Value) : default;
        return typeof(T) == typeof(float);
    }

    private float[] ComputeActions()
    {
        var size = ((VectorDataViewType)Columns.Action.Type).Size;
        var actions = new float[RowCount * size];
        using var cursor = GetRowCursor([Columns.Action]);
        var getter = cursor.GetGetter<VBuffer<float>>(Columns.Action);
        VBuffer<float> action = default;
        while (cursor.MoveNext())
        {
            getter(ref action);
            action.CopyTo(actions.AsSpan((int)cursor.Position * size, size));
        }
        return actions;
    }
}
