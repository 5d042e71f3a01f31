using MbpoML.Data;
using Microsoft.ML;

namespace MbpoML.Dynamics.Ensemble.Serving;

/// <summary>A view with the predictions of an ensemble added, computed when it is read.</summary>
internal sealed class PredictionView(IDataView source, IEnsembleDynamicsModel model, TransitionColumns columns) : IDataView
{
    public DataViewSchema Schema { get; } = PredictionSchema.AddTo(source.Schema, model.Layout.ObservationSize);

    // Two cursors walk side by side, so both must see the rows in the same order.
    public bool CanShuffle => false;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new PredictionCursor(source, Schema, model, columns, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
