using System.Collections.Immutable;
using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Dynamics.Adapters;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Compiled;

/// <summary>Reads a fitted pipeline of observation and action, transformer by transformer, through what ML.NET publishes about each.</summary>
/// <remarks>
/// Read are copies and concatenations of columns, affine normalizers, the regressions of <see cref="FittedRegression"/> and our own constants. Every other
/// transformer stays ML.NET's: the columns that it adds are read from ML.NET, and what follows is computed from them.
/// </remarks>
internal sealed class PipelineReader
{
    // The columns known so far. What is not here is asked of ML.NET, after the step that last wrote it.
    private readonly Dictionary<string, BlockColumn> _known = [];
    private readonly Dictionary<string, int> _writtenBy = [];
    private readonly Dictionary<(string Name, int Steps), PipelineColumn> _foreign = [];
    private readonly List<DataViewSchema> _schemas = [];

    private PipelineReader(DataViewSchema input) => _schemas.Add(input);

    /// <summary>Reads a pipeline.</summary>
    /// <param name="pipeline">The fitted pipeline.</param>
    /// <param name="input">A view of its inputs, which is bound to the program.</param>
    /// <param name="columns">The names of observation and action in the input.</param>
    /// <param name="outputs">The columns wanted, and where each goes in a row of the result.</param>
    /// <returns>Null where nothing of it can be computed faster than by ML.NET.</returns>
    public static PipelineProgram? Read(ITransformer pipeline, IDataView input, TransitionColumns columns, IEnumerable<RowField> outputs)
    {
        using var scope = NewDisposeScope();
        var reader = new PipelineReader(input.Schema);
        var (observation, action) = (reader.Input(columns.Observation), reader.Input(columns.Action));
        ITransformer[] transformers = [.. Flatten(pipeline)];
        foreach (var transformer in transformers) reader.Step(transformer);
        var wanted = new List<(BlockColumn Column, int Offset)>();
        foreach (var field in outputs)
        {
            if (reader.Resolve(field.Column.Name) is not { } column) return null;
            wanted.Add((column, field.Offset));
        }
        var program = new PipelineProgram(transformers, observation, action, reader._foreign.Values, wanted);
        if (!program.IsWorthwhile) return null;
        program.Bind(input);
        return program;
    }

    private BatchColumn Input(string name)
    {
        var column = new BatchColumn(RowField.Vector(_schemas[0], name, 0).Width);
        _known[name] = column;
        return column;
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer transformer) =>
        transformer.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(TransformerChain<>)
            ? ((IEnumerable<ITransformer>)transformer).SelectMany(Flatten)
            : [transformer];

    private void Step(ITransformer transformer)
    {
        var (before, steps) = (_schemas[^1], _schemas.Count);
        var after = transformer.GetOutputSchema(before);
        _schemas.Add(after);
        if (transformer is ColumnSelectingTransformer) return;
        var added = Added(before, after);
        var read = added is null ? null : Understand(transformer, before, added);
        added ??= [.. after];
        for (var index = 0; index < added.Length; index++)
        {
            _writtenBy[added[index].Name] = steps;
            if (read?[index] is { } column) _known[added[index].Name] = column;
            else _known.Remove(added[index].Name);
        }
    }

    // As most transformers do, it leaves what was there, and new columns come behind; a second score is put beside the first. Null where it does something
    // else.
    private static DataViewSchema.Column[]? Added(DataViewSchema before, DataViewSchema after)
    {
        if (after.Count >= before.Count && before.All(column => after[column.Index].Name == column.Name && after[column.Index].Type.Equals(column.Type)))
            return [.. after.Skip(before.Count)];
        var names = before.Select(column => column.Name).Append(RegressionPipeline.ScoreColumn);
        return names.Order(StringComparer.Ordinal).SequenceEqual(after.Select(column => column.Name).Order(StringComparer.Ordinal))
            ? [after[RegressionPipeline.ScoreColumn]] : null;
    }

    // What is in the columns that a transformer adds; null where it is of an unknown kind.
    private BlockColumn?[]? Understand(ITransformer transformer, DataViewSchema before, DataViewSchema.Column[] added) => transformer switch
    {
        ColumnCopyingTransformer or ColumnConcatenatingTransformer => Copies(transformer, before, added),
        NormalizingTransformer normalizer => [.. added.Select((column, index) => Affine(normalizer, before, column, index))],
        ExpressionTransformer when added is [{ Type: NumberDataViewType } column] && column.Type == NumberDataViewType.Single &&
            ConstantExpression.Names(column.Name) =>
            [Constant(transformer, before, column)],
        ISingleFeaturePredictionTransformer<object> { FeatureColumnName: { } name } prediction when added is [{ Name: RegressionPipeline.ScoreColumn } score]
            && score.Type == NumberDataViewType.Single && Resolve(name) is { } features &&
            FittedRegression.Read(prediction.Model, features.Width) is { } regression =>
            [new ScoreColumn(features, regression)],
        _ => null,
    };

    // ML.NET does not publish which value goes where. One row in which all values differ shows it.
    private BlockColumn?[]? Copies(ITransformer transformer, DataViewSchema before, DataViewSchema.Column[] added)
    {
        string[] names = [.. added.SelectMany(column => Dependencies(transformer, before, column)).Distinct()];
        var (probe, places) = (new DenseDataView.Builder(), new List<(BlockColumn Source, int Slot)>());
        foreach (var name in names)
        {
            if (Field(before, name) is not { } field || Resolve(name) is not { } source) return null;
            float[] values = [.. Enumerable.Range(places.Count + 1, source.Width)];
            places.AddRange(Enumerable.Range(0, source.Width).Select(slot => (source, slot)));
            _ = field.Column.Type is VectorDataViewType ? probe.AddVector(name, source.Width, values) : probe.AddScalar(name, values);
        }
        var output = transformer.Transform(probe.Build());
        return [.. added.Select(column => Field(output.Schema, column.Name) is null
            ? null : new CopiedColumn([.. Values(output, column.Name).Select(value => places[(int)value - 1])]))];
    }

    private AffineColumn? Affine(NormalizingTransformer normalizer, DataViewSchema before, DataViewSchema.Column column, int index)
    {
        if (Dependencies(normalizer, before, column) is not [var name] || Field(before, name) is null || Resolve(name) is not { } source) return null;
        var (scales, offsets) = normalizer.GetNormalizerModelParameters(index) switch
        {
            NormalizingTransformer.AffineNormalizerModelParameters<float> one => ([one.Scale], [one.Offset]),
            NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<float>> many => (Numbers(many.Scale), Numbers(many.Offset)),
            _ => ([], []),
        };
        // No offsets at all stand for zeros.
        if (offsets.Length == 0) offsets = new float[scales.Length];
        return scales.Length == source.Width && offsets.Length == source.Width ? new AffineColumn(source, offsets, scales) : null;

        static float[] Numbers(ImmutableArray<float> values) => values.IsDefault ? [] : [.. values];
    }

    private static ConstantColumn? Constant(ITransformer transformer, DataViewSchema before, DataViewSchema.Column column)
    {
        var probe = new DenseDataView.Builder();
        foreach (var name in Dependencies(transformer, before, column)) probe.AddScalar(name, new float[1]);
        return new ConstantColumn(Values(transformer.Transform(probe.Build()), column.Name)[0]);
    }

    private static string[] Dependencies(ITransformer transformer, DataViewSchema before, DataViewSchema.Column column)
    {
        var mapper = transformer.GetRowToRowMapper(before);
        return [.. mapper.GetDependencies([mapper.OutputSchema[column.Index]]).Select(dependency => dependency.Name)];
    }

    // A column of floats, as the pipeline sees it at this step.
    private static RowField? Field(DataViewSchema schema, string name) =>
        PipelineProgram.Field(schema, name) is { Column.Type: not BooleanDataViewType } field ? field : null;

    private static float[] Values(IDataView view, string name)
    {
        using var values = RowReader.Read(view, [RowField.Vector(view.Schema, name, 0)], RowField.Vector(view.Schema, name, 0).Width);
        return values.data<float>().ToArray();
    }

    // A column that is known, or that ML.NET can be asked for.
    private BlockColumn? Resolve(string name)
    {
        if (_known.TryGetValue(name, out var column)) return column;
        if (!_writtenBy.TryGetValue(name, out var steps) || PipelineProgram.Field(_schemas[steps], name) is not { } field) return null;
        if (_foreign.TryGetValue((name, steps), out var foreign)) return foreign.Values;
        foreign = new PipelineColumn(steps, name, new BatchColumn(field.Width));
        _foreign[(name, steps)] = foreign;
        return foreign.Values;
    }
}
