using Microsoft.ML;

namespace MbpoML.Policies.Serving;

/// <summary>The lazy result of <see cref="PolicyTransformer.Transform"/>: the input's columns and the action.</summary>
/// <remarks>Not shufflable itself, because a cursor reads ahead of the row it stands on; ShuffleRows still works on it.</remarks>
internal class PolicyDataView(IDataView input, PolicySchema schema, RowPolicy policy) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => schema.Output;

    protected PolicySchema Columns => schema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new PolicyCursor(input, schema, policy, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
