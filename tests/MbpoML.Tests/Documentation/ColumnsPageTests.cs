using System.Reflection;
using MbpoML.Data;
using Microsoft.ML;

namespace MbpoML.Tests.Documentation;

/// <summary>docs/data.md tells of every column that the library names, and of no other.</summary>
[Category("Text")]
public class ColumnsPageTests
{
    [Test]
    public void Every_column_is_documented_and_nothing_else()
    {
        var rows = Page.Rows(Page.Named("data.md").Section("The columns"));
        var documented = rows.Select(cells => cells[0].Trim('`').Replace("...", "", StringComparison.Ordinal));
        Assert.That(documented, Is.EquivalentTo(typeof(TransitionColumns).Assembly.GetExportedTypes().Where(NamesColumns).SelectMany(Constants).Distinct()));
    }

    private static bool NamesColumns(Type type) => type == typeof(TransitionColumns) || Array.Exists(type.GetInterfaces(), IsStage);

    private static bool IsStage(Type type) => type == typeof(ITransformer) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEstimator<>));

    private static IEnumerable<string> Constants(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(field => field.IsLiteral && field.FieldType == typeof(string)).Select(field => (string)field.GetRawConstantValue()!);
}
