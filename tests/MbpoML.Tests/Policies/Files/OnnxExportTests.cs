using MbpoML.Policies;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MbpoML.Tests.Policies.Files;

[Category("Text")]
public class OnnxExportTests
{
    private string _path = "";

    [SetUp]
    public void NamePath() => _path = Path.Combine(Path.GetTempPath(), $"export-{Guid.NewGuid():N}.onnx");

    [TearDown]
    public void RemoveFile() => File.Delete(_path);

    [TestCase(1, false)]
    [TestCase(257, false)]
    [TestCase(257, true)]
    public void The_exported_graph_takes_any_batch_and_gives_the_policys_actions(int rows, bool smooth)
    {
        using var policy = PolicyFixture.Policy(actor: smooth ? PolicyFixture.SmoothActor() : null);
        policy.ExportToOnnx(_path);
        using var session = new InferenceSession(_path);
        var observations = PolicyFixture.Observations(rows);
        var actions = Run(session, observations);
        for (var row = 0; row < rows; row++) Assert.That(actions[row], Is.EqualTo(policy.Act(observations[row])).Within(1e-5f), $"row {row}");
    }

    [Test]
    public void Shapes_names_and_metadata_describe_the_policy()
    {
        using var policy = PolicyFixture.Policy(new PolicyTransformer.Options { ObservationColumnName = "State", ActionColumnName = "Control" });
        policy.ExportToOnnx(_path);
        using var session = new InferenceSession(_path);
        Assert.That(session.InputMetadata["State"].Dimensions, Is.EqualTo([-1, 3]));
        Assert.That(session.OutputMetadata["Control"].Dimensions, Is.EqualTo([-1, 2]));
        var metadata = session.ModelMetadata;
        Assert.That(metadata.ProducerName, Is.EqualTo("MbpoML"));
        // The head of 8 x 2 weights and 2 biases that the deterministic graph leaves out, and its range: 20 singles.
        Assert.That(metadata.CustomMetadataMap.Remove("log_standard_deviation", out var head));
        Assert.That(Convert.FromBase64String(head!), Has.Length.EqualTo(20 * sizeof(float)));
        Assert.That(metadata.CustomMetadataMap, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["name"] = "MbpoML policy",
            ["version"] = typeof(PolicyTransformer).Assembly.GetName().Version!.ToString(3),
            ["observation_size"] = "3",
            ["action_size"] = "2",
            ["action_low"] = "-0.1,-2",
            ["action_high"] = "0.3,5",
            ["stochastic"] = "false",
        }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_stochastic_graph_draws_and_repeats_in_a_new_session_with_its_seed(bool smooth)
    {
        var actor = smooth ? PolicyFixture.SmoothActor() : PolicyFixture.Actor();
        using var policy = PolicyFixture.Policy(actor: actor);
        float[][] Draw(int seed, int runs)
        {
            using var stochastic = policy.AsStochastic(seed);
            stochastic.ExportToOnnx(_path);
            using var session = new InferenceSession(_path);
            float[][] observations = [.. Enumerable.Repeat<float[]>([0.3f, -0.7f, 0.2f], 2_000)];
            return [.. Enumerable.Range(0, runs).SelectMany(_ => Run(session, observations))];
        }
        var drawn = Draw(seed: 1, runs: 2);
        PolicyTransformerStochasticTests.CheckMoments(actor, drawn);
        var (first, second) = (drawn.Take(2_000).ToArray(), drawn.Skip(2_000).ToArray());
        Assert.That(second, Is.Not.EqualTo(first), "a second run draws anew");
        Assert.That(Draw(seed: 1, runs: 1), Is.EqualTo(first));
        Assert.That(Draw(seed: 2, runs: 1), Is.Not.EqualTo(first));
    }

    private static float[][] Run(InferenceSession session, float[][] observations)
    {
        var input = new DenseTensor<float>(observations.SelectMany(row => row).ToArray(), [observations.Length, PolicyFixture.ObservationSize]);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("Observation", input)]);
        return [.. results[0].AsEnumerable<float>().Chunk(PolicyFixture.ActionSize)];
    }
}
