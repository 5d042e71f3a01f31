using System.Globalization;
using System.Reflection;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Offline;
using MbpoML.Datasets;
using MbpoML.Mujoco;
using MbpoML.Training;

namespace MbpoML.Tests.Documentation;

/// <summary>docs/options.md and the pages beside it tell of every option of the library, with the default that the code has, and of no other.</summary>
[Category("Text")]
public class OptionsPageTests
{
    private static readonly Page[] Pages = [.. Directory.EnumerateFiles(Repository.At("docs"), "options*.md").Select(path => new Page(path))];

    private static readonly Dictionary<Type, Type> SectionOf = new()
    {
        [typeof(TrainingOptions)] = typeof(MbpoTrainer.Options),
        [typeof(OfflineOptions)] = typeof(BehaviorCloningTrainer.Options),
        [typeof(ModelFreeOptions)] = typeof(BehaviorCloningTrainer.Options),
        [typeof(CriticOptions)] = typeof(TD3BCTrainer.Options),
        [typeof(ImaginingOptions)] = typeof(MopoTrainer.Options),
    };

    [Test]
    public void No_page_has_options_of_a_class_that_there_is_not()
    {
        var headings = Pages.SelectMany(page => page.Text.Split('\n'))
            .Where(line => line.StartsWith("## ", StringComparison.Ordinal) && line.EndsWith(".Options", StringComparison.Ordinal)).Select(line => line[3..]);
        Assert.That(headings, Is.EquivalentTo(AllOptions.Select(type => $"{type.DeclaringType!.Name}.Options")));
    }

    private static IEnumerable<Type> AllOptions =>
        new[] { typeof(MbpoTrainer), typeof(MujocoTask), typeof(LogFile) }.SelectMany(type => type.Assembly.GetExportedTypes())
            .Where(type => type.Name == "Options" && type.IsNestedPublic);

    [TestCaseSource(nameof(AllOptions))]
    public void Every_option_is_documented_and_nothing_else(Type options) =>
        Assert.That(Rows(options).Keys, Is.EquivalentTo(Properties(options).Select(property => property.Name)));

    [TestCaseSource(nameof(AllOptions))]
    public void Defaults_are_those_of_the_code(Type options)
    {
        var (rows, defaults) = (Rows(options), Activator.CreateInstance(options));
        Assert.Multiple(() =>
        {
            foreach (var property in Properties(options))
            {
                var cell = rows[property.Name];
                switch (property.GetValue(defaults))
                {
                    case null: Assert.That(cell, Does.StartWith("null").Or.StartWith("none"), property.Name); break;
                    case bool flag: Assert.That(cell, Is.EqualTo(flag ? "true" : "false"), property.Name); break;
                    case string text: Assert.That(cell, Is.EqualTo($"\"{text}\""), property.Name); break;
                    case Enum value: Assert.That(cell, Is.EqualTo(value.ToString()), property.Name); break;
                    case IReadOnlyList<int> sizes: Assert.That(cell, Is.EqualTo($"[{string.Join(", ", sizes)}]"), property.Name); break;
                    case int or long or double:
                        var number = Convert.ToDouble(property.GetValue(defaults), CultureInfo.InvariantCulture);
                        Assert.That(double.Parse(cell, CultureInfo.InvariantCulture), Is.EqualTo(number), property.Name);
                        break;
                    default: Assert.That(cell, Is.Not.Empty, property.Name); break;
                }
            }
        });
    }

    // What several classes of options share stands in the section of one of them.
    private static PropertyInfo[] Properties(Type options) =>
        [
            .. options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => SectionOf.GetValueOrDefault(property.DeclaringType!, options) == options),
        ];

    // By option: the cell with its default.
    private static Dictionary<string, string> Rows(Type options)
    {
        var heading = $"{options.DeclaringType!.Name}.Options";
        var pages = Pages.Where(page => page.Text.Contains($"\n## {heading}\n", StringComparison.Ordinal)).ToArray();
        Assert.That(pages, Has.Length.EqualTo(1), $"pages with the heading '{heading}'");
        return Page.Rows(pages[0].Section(heading)).ToDictionary(cells => cells[0].Trim('`'), cells => cells[1].Trim('`'));
    }
}
