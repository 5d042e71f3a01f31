using System.Text.Json;
using System.Text.Json.Serialization;

namespace MbpoML.Dashboard.Watching;

/// <summary>Writes numbers with the digits that a curve needs: a fifty-run page is half as long.</summary>
internal sealed class ShortNumber : JsonConverter<double>
{
    // Above it times of day would lose their seconds, and single precision its range.
    private const double Largest = 1e7;

    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        // JSON has no other numbers; one in a stranger's file may be beyond the range.
        if (!double.IsFinite(value)) writer.WriteNullValue();
        else if (Math.Abs(value) < Largest) writer.WriteNumberValue((float)value);
        else writer.WriteNumberValue(value);
    }
}
