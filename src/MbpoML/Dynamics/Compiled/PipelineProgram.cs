using System.Numerics.Tensors;
using MbpoML.Data.Views;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Compiled;

/// <summary>A fitted pipeline, read once, as columns that are computed for blocks of rows; what cannot be read is still computed by ML.NET.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
internal sealed class PipelineProgram
{
    private readonly IReadOnlyList<ITransformer> _transformers;
    private readonly BatchColumn _observation;
    private readonly BatchColumn _action;
    private readonly PipelineColumn[] _foreign;
    private readonly BlockColumn[] _order;
    private readonly IReadOnlyList<(BlockColumn Column, int Offset)> _outputs;
    private (IDataView View, RowField[] Fields, int Width, BatchColumn[] Columns)[] _reads = [];

    /// <summary>Puts a program together.</summary>
    /// <param name="transformers">The pipeline, flat.</param>
    /// <param name="observation">Takes the observations.</param>
    /// <param name="action">Takes the actions.</param>
    /// <param name="foreign">All columns that ML.NET may be asked for.</param>
    /// <param name="outputs">The columns wanted, and where each goes in a row of the result.</param>
    public PipelineProgram(
        IReadOnlyList<ITransformer> transformers, BatchColumn observation, BatchColumn action, IEnumerable<PipelineColumn> foreign,
        IReadOnlyList<(BlockColumn Column, int Offset)> outputs)
    {
        (_transformers, _observation, _action, _outputs) = (transformers, observation, action, outputs);
        var order = new List<BlockColumn>();
        foreach (var (column, _) in outputs) Visit(column);
        _order = [.. order];
        _foreign = [.. foreign.Where(column => order.Contains(column.Values))];

        void Visit(BlockColumn column)
        {
            if (order.Contains(column)) return;
            foreach (var source in column.Sources) Visit(source);
            order.Add(column);
        }
    }

    /// <summary>Whether any regression was read, so that the program saves time.</summary>
    public bool IsWorthwhile => _order.Any(column => column is ScoreColumn);

    /// <summary>Binds the columns that ML.NET computes to a view of the inputs, whose rows may change before each evaluation.</summary>
    public void Bind(IDataView input)
    {
        _reads =
        [
            .. _foreign.GroupBy(column => column.Steps).Select(group =>
            {
                var view = _transformers.Take(group.Key).Aggregate(input, (data, transformer) => transformer.Transform(data));
                var (fields, offset) = (new List<RowField>(), 0);
                foreach (var column in group)
                {
                    var field = Field(view.Schema, column.Name)!.Value with { Offset = offset };
                    (column.Values.Offset, offset) = (offset, offset + field.Width);
                    fields.Add(field);
                }
                foreach (var column in group) column.Values.RowWidth = offset;
                return (view, fields.ToArray(), offset, group.Select(column => column.Values).ToArray());
            }),
        ];
    }

    /// <summary>Computes the columns wanted.</summary>
    /// <param name="observations">[rows, observation], row-major.</param>
    /// <param name="actions">[rows, action], row-major.</param>
    /// <param name="rows">At least 1; the bound view has as many.</param>
    /// <param name="result">[rows, <paramref name="width"/>], row-major; what no column covers is left alone.</param>
    /// <param name="width">The values a row of the result.</param>
    /// <returns>False where something is not finite: then ML.NET is to be asked, which has rules of its own for missing values.</returns>
    public bool TryEvaluate(ReadOnlyMemory<float> observations, ReadOnlyMemory<float> actions, int rows, Span<float> result, int width)
    {
        (_observation.Batch, _action.Batch) = (observations[..(rows * _observation.Width)], actions[..(rows * _action.Width)]);
        if (!IsFinite(_observation.Batch.Span) || !IsFinite(_action.Batch.Span)) return false;
        foreach (var (view, fields, rowWidth, columns) in _reads)
        {
            using var scope = NewDisposeScope();
            var values = RowReader.Read(view, fields, rowWidth, mustBeFinite: false).data<float>().ToArray();
            if (values.Length != rows * rowWidth || !IsFinite(values)) return false;
            foreach (var column in columns) column.Batch = values;
        }
        for (var start = 0; start < rows; start += BlockColumn.BlockRows)
        {
            var count = Math.Min(BlockColumn.BlockRows, rows - start);
            foreach (var column in _order) column.Compute(start, count);
            var target = result.Slice(start * width, count * width);
            foreach (var (column, offset) in _outputs)
            {
                var (values, from) = (column.Values, 0);
                for (var to = offset; to < target.Length; to += width)
                    for (var slot = 0; slot < column.Width; slot++) target[to + slot] = values[from++];
            }
        }
        return true;
    }

    /// <summary>A column of floats or flags as a field; null where it holds something else, or vectors of an unknown size.</summary>
    public static RowField? Field(DataViewSchema schema, string name) => schema.GetColumnOrNull(name) switch
    {
        { Type: VectorDataViewType { ItemType.RawType: var type, IsKnownSize: true, Size: > 0 and var size } } column when type == typeof(float) =>
            new RowField(column, 0, size),
        { Type: NumberDataViewType { RawType: var type } } column when type == typeof(float) => new RowField(column, 0, 1),
        { Type: BooleanDataViewType } column => new RowField(column, 0, 1),
        _ => null,
    };

    // One pass over the values. A sum of finite ones may overflow; ML.NET then computes the batch, which is slower, but right.
    private static bool IsFinite(ReadOnlySpan<float> values) => float.IsFinite(TensorPrimitives.Sum(values));
}
