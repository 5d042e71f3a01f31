using MbpoML.Data.Views;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Policies.Serving;

/// <summary>The policy row by row, as a PredictionEngine uses it.</summary>
internal sealed class PolicyRowMapper(PolicySchema schema, RowPolicy policy) : IRowToRowMapper
{
    public DataViewSchema InputSchema => schema.Input;

    public DataViewSchema OutputSchema => schema.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var columns = dependingColumns.ToList();
        var passedThrough = columns.Where(column => !schema.IsAction(column)).Select(schema.PassedThrough);
        return columns.Exists(schema.IsAction) ? passedThrough.Append(schema.Observation).DistinctBy(column => column.Index) : passedThrough;
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new PolicyRow(input, schema, policy, activeColumns);

    private sealed class PolicyRow : DataViewRow
    {
        private readonly DataViewRow _input;
        private readonly PolicySchema _schema;
        private readonly RowPolicy _policy;
        private readonly HashSet<int> _active;

        public PolicyRow(DataViewRow input, PolicySchema schema, RowPolicy policy, IEnumerable<DataViewSchema.Column> activeColumns)
        {
            (_input, _schema, _policy) = (input, schema, policy);
            _active = [.. activeColumns.Select(column => column.Index)];
        }

        public override DataViewSchema Schema => _schema.Output;

        public override long Position => _input.Position;

        public override long Batch => _input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            _schema.IsAction(column);
            return _active.Contains(column.Index);
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!_schema.IsAction(column)) return _input.GetGetter<TValue>(_schema.PassedThrough(column));
            return PolicySchema.Getter<TValue>(column, ActionGetter());
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _input.Dispose();
            base.Dispose(disposing);
        }

        private ValueGetter<VBuffer<float>> ActionGetter()
        {
            var getObservation = _input.GetGetter<VBuffer<float>>(_schema.Observation);
            var getId = _input.GetIdGetter();
            var observation = new float[_policy.ObservationSize];
            VBuffer<float> row = default;
            DataViewRowId id = default;
            return (ref VBuffer<float> value) =>
            {
                getObservation(ref row);
                // A view promises the size of its rows, but the object a PredictionEngine is given may hold an array of any length.
                ServedRow.RequireLength(row.Length, observation.Length, _schema.Observation.Name, Position);
                row.CopyTo(observation);
                ServedRow.RequireFinite(observation, _schema.Observation.Name, Position);
                getId(ref id);
                var editor = VBufferEditor.Create(ref value, _policy.ActionSize);
                _policy.Evaluate(observation, id, editor.Values);
                value = editor.Commit();
            };
        }
    }
}
