using MbpoML.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Dynamics.Ensemble.Serving;

/// <summary>Adds predictions to single rows, as a PredictionEngine asks for them.</summary>
internal sealed class PredictionMapper(DataViewSchema inputSchema, IEnsembleDynamicsModel model, TransitionColumns columns) : IRowToRowMapper
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema { get; } = PredictionSchema.AddTo(inputSchema, model.Layout.ObservationSize);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var wanted = dependingColumns.Select(column => column.Index).ToHashSet();
        var predicts = wanted.Any(index => index >= inputSchema.Count);
        return inputSchema.Where(
            column => wanted.Contains(column.Index) || (predicts && (IsColumn(column, columns.Observation) || IsColumn(column, columns.Action))));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new PredictionRow(input, OutputSchema, model, columns, activeColumns);

    private bool IsColumn(DataViewSchema.Column column, string name) => column.Index == inputSchema[name].Index;

    private sealed class PredictionRow : DataViewRow
    {
        private readonly DataViewRow _input;
        private readonly HashSet<int> _active;
        private readonly PredictionBlock _block;
        private readonly Action<int>? _readInputs;
        private long _computedFor = -1;

        public PredictionRow(DataViewRow input, DataViewSchema schema, IEnsembleDynamicsModel model, TransitionColumns columns,
            IEnumerable<DataViewSchema.Column> activeColumns)
        {
            (_input, Schema) = (input, schema);
            _active = [.. activeColumns.Select(column => column.Index)];
            _block = new PredictionBlock(model, 1);
            _readInputs = _active.Any(index => index >= input.Schema.Count) ? _block.BindInputs(input, columns) : null;
        }

        public override DataViewSchema Schema { get; }

        public override long Position => _input.Position;

        public override long Batch => _input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column)) throw new ArgumentException($"Column '{column.Name}' is not among the active columns of this row.", nameof(column));
            if (column.Index < _input.Schema.Count) return _input.GetGetter<TValue>(_input.Schema[column.Index]);
            return _block.CreateGetter(column.Index - _input.Schema.Count, Compute) as ValueGetter<TValue>
                ?? throw new InvalidOperationException(
                    $"Column '{column.Name}' holds {column.Type}, which cannot be read as {typeof(TValue)}; ask for {column.Type.RawType}.");
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

        // The four columns of one row come from one evaluation.
        private int Compute()
        {
            if (Position < 0 || Position != _computedFor)
            {
                _readInputs!(0);
                _block.Compute(1);
                _computedFor = Position;
            }
            return 0;
        }
    }
}
