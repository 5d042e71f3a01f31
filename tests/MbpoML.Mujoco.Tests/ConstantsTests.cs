using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using MbpoML.Mujoco.Native;
using MbpoML.Tests;

namespace MbpoML.Mujoco.Tests;

/// <summary>Every constant of the compiled models equals the reference's: masses, inertias, joints, contacts, motors, solver.</summary>
[TestFixtureSource(typeof(MujocoTasks), nameof(MujocoTasks.Gym))]
public class ConstantsTests(MujocoTask task)
{
    private const double Tolerance = 1e-9;

    // What the reference says about its origin, about the task rather than the model, or under another name; and what MuJoCo prints in words.
    private static readonly string[] NotPrinted =
    [
        "task", "source", "source_sha256", "frame_skip", "dt", "obs_dim", "act_dim", "action_low", "action_high", "enums", "mujoco_version", "stat_extent",
        "total_mass", "na", "nsite", "ntendon", "npair",
        "nexclude", "neq", "nsensor", "nuserdata", "wrap_type", "wrap_objid", "wrap_prm",
    ];

    [Test]
    public void Constants_are_those_of_the_reference()
    {
        Assume.That(MujocoRuntime.Release, Is.EqualTo("2.2.2"), "Other releases print their models in another form.");
        var (constants, reference) = (Printed(), Reference());
        Assert.That(reference.Count, Is.GreaterThan(80));
        Assert.Multiple(() =>
        {
            foreach (var (name, expected) in reference)
            {
                // A model without sites has no line for them.
                var actual = constants.GetValueOrDefault(name, []);
                Assert.That(actual, Has.Length.EqualTo(expected.Length), name);
                for (var index = 0; index < Math.Min(actual.Length, expected.Length); index++) AssertEqual(actual[index], expected[index], $"{name}[{index}]");
            }
        });
    }

    [Test]
    public void Sizes_and_bounds_are_those_of_the_reference()
    {
        using var environment = task.Create();
        using var json = JsonDocument.Parse(File.ReadAllText(TestFiles.At($"{task}.json")));
        var constants = json.RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(task.ObservationSize, Is.EqualTo(constants.GetProperty("obs_dim").GetInt32()));
            Assert.That(task.ActionSize, Is.EqualTo(constants.GetProperty("act_dim").GetInt32()));
            Assert.That(environment.ObservationSpace.Size, Is.EqualTo(task.ObservationSize));
            Assert.That(environment.ActionSpace.Low, Is.EqualTo(Numbers(constants.GetProperty("action_low"))));
            Assert.That(environment.ActionSpace.High, Is.EqualTo(Numbers(constants.GetProperty("action_high"))));
            Assert.That(environment.StepDuration, Is.EqualTo(constants.GetProperty("dt").GetDouble()).Within(1e-15));
            Assert.That(environment.MaxSteps, Is.EqualTo(1000));
        });
    }

    // From 3.5 on the margins of two geoms add up; before, the larger one counted.
    [Test]
    public void Where_margins_add_up_each_is_half()
    {
        var (before, after) = (Margins(TaskModel.Text(task.Name, addsMargins: false)), Margins(TaskModel.Text(task.Name, addsMargins: true)));
        Assert.That(after, Is.EqualTo(before.Select(margin => margin / 2)));
        Assert.That(before.Distinct().Count(), Is.LessThanOrEqualTo(1), "one margin for all, so that half of it is right for every pair");
    }

    private static void AssertEqual(string actual, string expected, string what)
    {
        if (double.TryParse(expected, CultureInfo.InvariantCulture, out var number) && double.TryParse(actual, CultureInfo.InvariantCulture, out var printed))
            Assert.That(printed, Is.EqualTo(number).Within(Tolerance * (1 + Math.Abs(number))), what);
        else Assert.That(actual, Is.EqualTo(expected), what);
    }

    private static double[] Margins(string mjcf) =>
        [.. XDocument.Parse(mjcf).Descendants("geom").Attributes("margin").Select(margin => double.Parse(margin.Value, CultureInfo.InvariantCulture))];

    private static IEnumerable<double> Numbers(JsonElement array) => array.EnumerateArray().Select(value => value.GetDouble());

    // By constant: its values as text, those of all objects in a row.
    private Dictionary<string, string[]> Reference()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(TestFiles.At($"{task}.json")));
        var constants = json.RootElement.EnumerateObject().Where(constant => !NotPrinted.Contains(constant.Name)).ToList();
        return constants.Where(constant => constant.Name != "option").Concat(json.RootElement.GetProperty("option").EnumerateObject())
            .Append(json.RootElement.EnumerateObject().Single(constant => constant.Name == "stat_extent"))
            .ToDictionary(constant => constant.Name == "stat_extent" ? "extent" : constant.Name, constant => Flat(constant.Value).ToArray());
    }

    private static IEnumerable<string> Flat(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Flat),
        JsonValueKind.String => [value.GetString()!],
        _ => [value.GetRawText()],
    };

    // "BODY 1:" begins an object, whose lines are indented; before that stand the sizes and options of the model.
    private unsafe Dictionary<string, string[]> Printed()
    {
        using var folder = new TemporaryFolder();
        using var environment = task.Create();
        var print = (delegate* unmanaged<nint, byte*, byte*, void>)NativeLibrary.GetExport(MujocoRuntime.Library.Handle, "mj_printFormattedModel");
        fixed (byte* path = Encoding.UTF8.GetBytes(folder["model.txt"] + '\0'))
        fixed (byte* format = "%.17g\0"u8) print(environment.Model.Native.Pointer, path, format);

        var constants = new Dictionary<string, string[]>();
        var kind = "";
        foreach (var line in File.ReadLines(folder["model.txt"]))
        {
            if (line.EndsWith(':') && line[0] != ' ') kind = line.Split(' ')[0].ToLowerInvariant();
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            var name = words[0] == "name" ? $"{kind}_names" : words[0];
            string[] values = words[0] == "name" && words.Length == 1 ? [""] : words[1..];
            constants[name] = [.. constants.GetValueOrDefault(name, []), .. values];
        }

        return constants;
    }
}
