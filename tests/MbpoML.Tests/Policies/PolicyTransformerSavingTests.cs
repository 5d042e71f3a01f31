using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using MbpoML.Policies;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Tests.Policies;

[Category("Text")]
public class PolicyTransformerSavingTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("policy-tests-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_program_without_this_library_loads_the_zip_and_gets_the_same_actions()
    {
        var metadata = typeof(PolicyTransformerSavingTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
        var loader = metadata.Single(attribute => attribute.Key == "PolicyLoader").Value!;
        var files = Directory.EnumerateFiles(Path.GetDirectoryName(loader)!, "*.dll", SearchOption.AllDirectories);
        var beside = files.Select(file => Path.GetFileName(file)).ToArray();
        Assert.That(beside.Where(file => file.StartsWith("MbpoML", StringComparison.Ordinal)), Is.EqualTo(["MbpoML.PolicyLoader.dll"]));
        Assert.That(beside.Where(file => file.Contains("torch", StringComparison.OrdinalIgnoreCase)), Is.Empty);

        var observations = PolicyFixture.Observations(100);
        float[][] expected;
        using (var policy = PolicyFixture.Policy())
        {
            expected = PolicyFixture.Actions(policy.Transform(PolicyFixture.View(observations)));
            Save(policy, policy.InputSchema, "policy.zip");
        }
        var alone = Directory.CreateDirectory(Path.Combine(_folder, "alone")).FullName;
        File.Move(Path.Combine(_folder, "policy.zip"), Path.Combine(alone, "policy.zip"));
        var csv = Path.Combine(_folder, "observations.csv");
        string Text(float number) => number.ToString("R", CultureInfo.InvariantCulture);
        File.WriteAllLines(csv, observations.Select(row => string.Join(",", row.Select(Text))));

        var lines = Run(alone, loader, "policy.zip", csv);
        Assert.That(lines, Has.Length.EqualTo(100));
        for (var row = 0; row < lines.Length; row++)
        {
            var actions = lines[row].Split(',').Select(number => float.Parse(number, CultureInfo.InvariantCulture));
            Assert.That(actions, Is.EqualTo(expected[row]).Within(1e-5f), $"row {row}");
        }
    }

    [Test]
    public void Model_Load_gives_the_same_actions_and_a_plain_vector_column_and_leaves_no_file_behind()
    {
        using var policy = PolicyFixture.Policy(actor: PolicyFixture.Actor(hidden: [256, 256]));
        var before = Directory.GetFiles(Path.GetTempPath(), "policy-*.onnx");
        var (loaded, schema) = SaveAndLoad(policy, policy.InputSchema);
        Assert.That(Directory.GetFiles(Path.GetTempPath(), "policy-*.onnx"), Is.EquivalentTo(before));
        Assert.That(schema["Observation"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, PolicyFixture.ObservationSize)));

        var view = PolicyFixture.View(PolicyFixture.Observations(100));
        var output = loaded.Transform(view);
        Assert.That(output.Schema["Action"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, PolicyFixture.ActionSize)));
        AssertSame(PolicyFixture.Actions(output), PolicyFixture.Actions(policy.Transform(view)));
    }

    [Test]
    public void A_policy_of_one_layer_and_own_column_names_survives()
    {
        var options = new PolicyTransformer.Options { ObservationColumnName = "State of the plant", ActionColumnName = "Control" };
        using var policy = PolicyFixture.Policy(options, PolicyFixture.Actor(hidden: []));
        var (loaded, _) = SaveAndLoad(policy, policy.InputSchema);
        var ml = new MLContext(seed: 1);
        var view = PolicyFixture.View(PolicyFixture.Observations(10));
        var named = ml.Transforms.CopyColumns("State of the plant", "Observation").Fit(view).Transform(view);
        AssertSame([.. loaded.Transform(named).GetColumn<float[]>("Control")], [.. policy.Transform(named).GetColumn<float[]>("Control")]);
    }

    [Test]
    public void A_chain_of_built_in_transforms_and_the_policy_saves_and_loads()
    {
        using var policy = PolicyFixture.Policy();
        var ml = new MLContext(seed: 1);
        var sensors = ml.Data.LoadFromEnumerable(PolicyFixture.Observations(60)
            .Select(row => new Sensors { Angle = row[0], Velocity = row[1], Position = row[2] }));
        var concatenate = ml.Transforms.Concatenate("Observation", nameof(Sensors.Angle), nameof(Sensors.Velocity), nameof(Sensors.Position))
            .Append(ml.Transforms.NormalizeMeanVariance("Observation")).Fit(sensors);
        var chain = concatenate.Append(policy);
        var expected = PolicyFixture.Actions(chain.Transform(sensors));
        var (loaded, _) = SaveAndLoad(chain, sensors.Schema);
        AssertSame(PolicyFixture.Actions(loaded.Transform(sensors)), expected);

        var row = new Sensors { Angle = 0.1f, Velocity = 0.2f, Position = 0.3f };
        using var before = ml.Model.CreatePredictionEngine<Sensors, PolicyFixture.Output>(chain, new PredictionEngineOptions { OwnsTransformer = false });
        using var after = ml.Model.CreatePredictionEngine<Sensors, PolicyFixture.Output>(loaded);
        Assert.That(after.Predict(row).Action, Is.EqualTo(before.Predict(row).Action).Within(1e-5f));
    }

    [Test]
    public void A_saved_policy_keeps_to_the_bounds()
    {
        var actor = PolicyFixture.Actor();
        using var policy = PolicyFixture.Policy(actor: actor with { Biases = [.. actor.Biases.Take(2), [50, -50, 0, 0]] });
        var (loaded, _) = SaveAndLoad(policy, policy.InputSchema);
        foreach (var action in PolicyFixture.Actions(loaded.Transform(PolicyFixture.View(PolicyFixture.Observations(20)))))
        {
            Assert.That((double)action[0], Is.LessThanOrEqualTo(0.3).And.GreaterThan(0.2999999));
            Assert.That((double)action[1], Is.EqualTo(-2));
        }
    }

    [Test]
    public void A_stochastic_policy_loads_as_one_that_draws_from_the_same_normal()
    {
        var actor = PolicyFixture.Actor();
        using var policy = PolicyFixture.Policy(new PolicyTransformer.Options { Stochastic = true, Seed = 6 }, actor);
        var view = PolicyFixture.View(Enumerable.Repeat<float[]>([0.3f, -0.7f, 0.2f], 5_000));
        var (loaded, _) = SaveAndLoad(policy, policy.InputSchema);
        var actions = PolicyFixture.Actions(loaded.Transform(view));
        PolicyTransformerStochasticTests.CheckMoments(actor, actions);
        Assert.That(actions.Select(action => action[0]).Distinct().Count(), Is.GreaterThan(4_900));
    }

    private (ITransformer Model, DataViewSchema Schema) SaveAndLoad(ITransformer model, DataViewSchema schema)
    {
        Save(model, schema, "model.zip");
        return (new MLContext(seed: 2).Model.Load(Path.Combine(_folder, "model.zip"), out var loaded), loaded);
    }

    private void Save(ITransformer model, DataViewSchema schema, string name) => new MLContext(seed: 1).Model.Save(model, schema, Path.Combine(_folder, name));

    private static void AssertSame(float[][] actual, float[][] expected)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        for (var row = 0; row < expected.Length; row++) Assert.That(actual[row], Is.EqualTo(expected[row]).Within(1e-5f), $"row {row}");
    }

    private static string[] Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private sealed class Sensors
    {
        public float Angle { get; set; }

        public float Velocity { get; set; }

        public float Position { get; set; }
    }
}
