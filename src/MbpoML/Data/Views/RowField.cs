using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Data.Views;

/// <summary>A column of a view and where its values go in a row of floats.</summary>
/// <param name="Column">The column; its type was checked.</param>
/// <param name="Offset">Where its first value goes.</param>
/// <param name="Width">The number of its values.</param>
internal readonly record struct RowField(DataViewSchema.Column Column, int Offset, int Width)
{
    /// <summary>A vector&lt;float, n&gt; of a known size, or a float as a vector of one.</summary>
    public static RowField Vector(DataViewSchema schema, string name, int offset)
    {
        var column = Find(schema, name);
        return column.Type switch
        {
            NumberDataViewType { RawType: var type } when type == typeof(float) => new RowField(column, offset, 1),
            VectorDataViewType { ItemType.RawType: var type, IsKnownSize: true } vector when type == typeof(float) => new RowField(column, offset, vector.Size),
            VectorDataViewType { ItemType.RawType: var type } when type == typeof(float) =>
                throw Mismatch(column, "a vector of a known size",
                    "declare the size, for instance with [VectorType(3)] on the property or a column range of the text loader"),
            _ => throw Mismatch(column, "a vector of Single, or Single", Conversion(column)),
        };
    }

    public static RowField Scalar(DataViewSchema schema, string name, int offset)
    {
        var column = Find(schema, name);
        return column.Type == NumberDataViewType.Single
            ? new RowField(column, offset, 1)
            : throw Mismatch(column, "Single", Conversion(column));
    }

    public static RowField Flag(DataViewSchema schema, string name, int offset)
    {
        var column = Find(schema, name);
        return column.Type == BooleanDataViewType.Instance
            ? new RowField(column, offset, 1)
            : throw Mismatch(column, "Boolean", "convert it, for instance with mlContext.Transforms.Conversion.ConvertType(outputKind: DataKind.Boolean)");
    }

    // ML.NET rounds without a word.
    private static string Conversion(DataViewSchema.Column column) =>
        "convert it, for instance with mlContext.Transforms.Conversion.ConvertType" +
        (column.Type.RawType == typeof(double) || column.Type is VectorDataViewType { ItemType.RawType: var item } && item == typeof(double)
            ? ". Single holds some seven digits: where the numbers are large and change little, as times do, subtract an offset first"
            : "");

    private static DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        // ML.NET's own words, so that a missing column reads the same in every stage of a pipeline.
        return schema.GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(
            nameof(schema), $"Could not find input column '{name}'. The view has {string.Join(", ", schema.Select(column => $"'{column.Name}'"))}.");
    }

    private static ArgumentException Mismatch(DataViewSchema.Column column, string expected, string advice) =>
        new($"Schema mismatch for input column '{column.Name}': expected {expected}, got {column.Type}; {advice}.", nameof(column));
}
