using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Data;

/// <summary>Makes the columns of a <see cref="SchemaShape"/>, which estimators announce before they are fitted.</summary>
/// <remarks>The constructor of a shape's column is closed to other assemblies; a mapping that is never run is the one public way to make one.</remarks>
internal static class SchemaShapes
{
    /// <summary>A shape's column of floats, vector&lt;float&gt;; a shape knows no size.</summary>
    public static SchemaShape.Column Vector(MLContext mlContext, string name) => Column<VectorRow>(mlContext, name);

    /// <summary>A shape's column of one float.</summary>
    public static SchemaShape.Column Scalar(MLContext mlContext, string name) => Column<ScalarRow>(mlContext, name);

    /// <summary>A shape's column of a flag.</summary>
    public static SchemaShape.Column Flag(MLContext mlContext, string name) => Column<FlagRow>(mlContext, name);

    /// <summary>The shape with columns added; a column of the same name is replaced.</summary>
    public static SchemaShape With(this SchemaShape inputSchema, params IReadOnlyList<SchemaShape.Column> added)
    {
        var names = added.Select(column => column.Name).ToHashSet();
        return new SchemaShape(inputSchema.Where(column => !names.Contains(column.Name)).Concat(added));
    }

    /// <summary>The transition columns and nothing else: what a rollout makes.</summary>
    public static SchemaShape Transitions(MLContext mlContext, TransitionColumns columns) => new SchemaShape([]).With(
        Vector(mlContext, columns.Observation),
        Vector(mlContext, columns.Action),
        Scalar(mlContext, columns.Reward),
        Vector(mlContext, columns.NextObservation),
        Flag(mlContext, columns.Terminated),
        Flag(mlContext, columns.Truncated),
        Column<NumberRow>(mlContext, columns.EpisodeId));

    /// <summary>Checks that an input column is there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing.</exception>
    public static void Require(this SchemaShape inputSchema, string name) => _ = Find(inputSchema, name);

    /// <summary>Checks that an input column is there and holds floats.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or holds something else.</exception>
    public static void RequireFloats(this SchemaShape inputSchema, string name)
    {
        var column = Find(inputSchema, name);
        if (column.ItemType != NumberDataViewType.Single)
            throw new ArgumentOutOfRangeException(
                nameof(inputSchema), name, $"Schema mismatch for input column '{name}': expected Single or a vector of it, got {column.ItemType}.");
    }

    private static SchemaShape.Column Find(SchemaShape inputSchema, string name)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var column = inputSchema.FirstOrDefault(column => column.Name == name);
        return column.Name is null ? throw new ArgumentOutOfRangeException(nameof(inputSchema), name, $"Could not find input column '{name}'.") : column;
    }

    private static SchemaShape.Column Column<TRow>(MLContext mlContext, string name)
        where TRow : class, new()
    {
        var definition = SchemaDefinition.Create(typeof(TRow));
        definition[0].ColumnName = name;
        return mlContext.Transforms.CustomMapping<EmptyRow, TRow>((_, _) => { }, null, outputSchemaDefinition: definition)
            .GetOutputSchema(new SchemaShape([])).Single();
    }

    private sealed class EmptyRow;

    private sealed class VectorRow
    {
        [VectorType(1)]
        public float[]? Value { get; set; }
    }

    private sealed class ScalarRow
    {
        public float Value { get; set; }
    }

    private sealed class NumberRow
    {
        public int Value { get; set; }
    }

    private sealed class FlagRow
    {
        public bool Value { get; set; }
    }
}
