using System.Collections;
using System.Globalization;
using System.Reflection;
using MbpoML.Dashboard;
using MbpoML.Datasets;
using MbpoML.Mujoco;
using MbpoML.Orleans;
using MbpoML.Plotting;
using MbpoML.Tests;
using MbpoML.Tests.Documentation;

namespace MbpoML.Tool.Tests.Commands;

/// <summary>
/// Every public class of options that OptionsPageTests does not look at, of any package, has a table on one page: all of its properties, with the defaults of
/// the code, and no other.
/// </summary>
[Category("Text")]
public class OptionTypesPageTests
{
    // OptionsPageTests looks at what these packages nest in a trainer or a stage.
    private static readonly Assembly[] WithPage = [typeof(ReinforcementCatalog).Assembly, typeof(MujocoTask).Assembly, typeof(LogFile).Assembly];

    private static readonly Assembly[] Packages =
        [.. WithPage, typeof(RunSpec).Assembly, typeof(DashboardOptions).Assembly, typeof(ClusterOptions).Assembly, typeof(SeriesPlot).Assembly];

    // Their defaults are those of the machine, or of the process.
    private static readonly string[] OfTheMachine = ["WorkerOptions.Slots", "WorkerOptions.Name"];

    private static IEnumerable<Type> Types
    {
        get
        {
            Type[] all = [.. Packages.SelectMany(package => package.GetExportedTypes())];
            var bases = all.Select(type => type.BaseType).ToHashSet();
            return all.Where(type => (type.Name.EndsWith("Options", StringComparison.Ordinal) || type.Name.EndsWith("Spec", StringComparison.Ordinal)) &&
                !type.IsAbstract && !bases.Contains(type) && !(type.Name == "Options" && WithPage.Contains(type.Assembly)));
        }
    }

    [Test]
    public void The_classes_are_found() => Assert.That(
        Types.Select(type => type.Name), Is.SupersetOf(new[]
        {
            "StudyOptions", "DashboardOptions", "ClusterOptions", "WorkerOptions", "ReturnReportOptions", "RunSpec", "RunOptions", "GeneralizationOptions",
        }));

    [TestCaseSource(nameof(Types))]
    public void Every_option_is_documented_and_nothing_else(Type options) =>
        Assert.That(Rows(options).Keys, Is.EquivalentTo(Properties(options).Select(property => property.Name)));

    [TestCaseSource(nameof(Types))]
    public void Defaults_are_those_of_the_code(Type options)
    {
        // What only a method makes has no defaults.
        if (options.GetConstructor(Type.EmptyTypes) is null) return;
        var (rows, defaults) = (Rows(options), Activator.CreateInstance(options));
        Assert.Multiple(() =>
        {
            foreach (var property in Properties(options)) AssertDefault($"{options.Name}.{property.Name}", property, rows[property.Name], defaults);
        });
    }

    private static void AssertDefault(string name, PropertyInfo property, string cell, object? defaults)
    {
        // By its name, because a library that draws has an attribute of the same name for older systems.
        if (property.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "RequiredMemberAttribute"))
        {
            Assert.That(cell, Is.EqualTo("required"), name);
            return;
        }

        switch (property.GetValue(defaults))
        {
            case var _ when OfTheMachine.Contains(name): Assert.That(cell, Is.Not.Empty, name); break;
            case null: Assert.That(cell, Is.EqualTo("null"), name); break;
            case string text: Assert.That(cell, Is.EqualTo($"\"{text}\""), name); break;
            case TimeSpan time: Assert.That(TimeSpan.Parse(cell, CultureInfo.InvariantCulture), Is.EqualTo(time), name); break;
            case IReadOnlyList<string> { Count: > 0 } names: Assert.That(cell, Is.EqualTo(string.Join("`, `", names)), name); break;
            case IList list: Assert.That(cell, Is.EqualTo($"[{string.Join(", ", list.Cast<object>())}]"), name); break;
            case int or long or double:
                var number = Convert.ToDouble(property.GetValue(defaults), CultureInfo.InvariantCulture);
                Assert.That(double.Parse(cell, CultureInfo.InvariantCulture), Is.EqualTo(number), name);
                break;
            default: Assert.That(cell, Is.Not.Empty, name); break;
        }
    }

    private static PropertyInfo[] Properties(Type options) => options.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    // By option: the cell with its default.
    private static Dictionary<string, string> Rows(Type options)
    {
        var heading = options.IsNested ? $"{options.DeclaringType!.Name}.{options.Name}" : options.Name;
        var pages = Directory.EnumerateFiles(Repository.At("docs"), "*.md").Select(path => new Page(path))
            .Where(page => page.Text.Split('\n').Any(line => line.StartsWith('#') && line.TrimStart('#').Trim() == heading)).ToArray();
        Assert.That(pages, Has.Length.EqualTo(1), $"pages with the heading '{heading}'");
        return Page.Rows(pages[0].Section(heading)).ToDictionary(cells => cells[0].Trim('`'), cells => cells[1].Trim('`'));
    }
}
