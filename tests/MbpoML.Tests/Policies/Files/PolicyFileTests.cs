using System.IO.Compression;
using MbpoML.Catalog;
using MbpoML.Policies;
using MbpoML.Policies.Files;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.Files;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Category("Text")]
public sealed class PolicyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PolicyCatalog _policies = new MLContext(seed: 1).Reinforcement().Policies;

    private string Zip => _folder["policy.zip"];

    public void Dispose() => _folder.Dispose();

    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    [TestCase(true, true)]
    public void A_saved_policy_comes_back_whole(bool stochastic, bool smooth)
    {
        var actor = smooth ? PolicyFixture.SmoothActor() : PolicyFixture.Actor();
        var options = new PolicyTransformer.Options
        {
            ObservationColumnName = "State of the plant",
            ActionColumnName = "Stellgröße",
            Stochastic = stochastic,
            Seed = -5
        };
        using var saved = PolicyFixture.Policy(options, actor);
        Save(saved);
        using var loaded = _policies.Load(Zip);
        AssertSame(loaded, saved);
        Assert.That(loaded.IsStochastic, Is.EqualTo(stochastic));
        Assert.That(loaded.InputSchema[0].Name, Is.EqualTo("State of the plant"));
        Assert.That(loaded.ActionColumnName, Is.EqualTo("Stellgröße"));
        Assert.That(loaded.ActionSpace.Low, Is.EqualTo(PolicyFixture.ActionSpace.Low));
        Assert.That(loaded.ActionSpace.High, Is.EqualTo(PolicyFixture.ActionSpace.High));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void An_exported_policy_comes_back_whole(bool stochastic)
    {
        using var saved = PolicyFixture.Policy(new PolicyTransformer.Options { Stochastic = stochastic, Seed = 3 }, PolicyFixture.Actor(hidden: []));
        saved.ExportToOnnx(_folder["policy.onnx"]);
        using var stream = File.OpenRead(_folder["policy.onnx"]);
        using var loaded = _policies.Load(stream);
        AssertSame(loaded, saved);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Activation_and_deviation_come_back_from_an_exported_graph(bool stochastic)
    {
        using var saved = PolicyFixture.Policy(new PolicyTransformer.Options { Stochastic = stochastic, Seed = 3 }, PolicyFixture.SmoothActor());
        saved.ExportToOnnx(_folder["policy.onnx"]);
        using var loaded = _policies.Load(_folder["policy.onnx"]);
        AssertSame(loaded, saved);
        Assert.That((loaded.Parameters.HiddenActivation, loaded.Parameters.Deviation), Is.EqualTo((ActorActivation.Silu, ActorDeviation.Softplus)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_network_of_tanh_layers_comes_back_from_an_exported_graph(bool stochastic)
    {
        var actor = PolicyFixture.Actor() with { HiddenActivation = ActorActivation.Tanh };
        using var saved = PolicyFixture.Policy(new PolicyTransformer.Options { Stochastic = stochastic, Seed = 3 }, actor);
        saved.ExportToOnnx(_folder["policy.onnx"]);
        using var loaded = _policies.Load(_folder["policy.onnx"]);
        AssertSame(loaded, saved);
        Assert.That(loaded.Parameters.HiddenActivation, Is.EqualTo(ActorActivation.Tanh));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void What_is_loaded_is_saved_as_the_same_graph(bool smooth)
    {
        using var saved = PolicyFixture.Policy(actor: smooth ? PolicyFixture.SmoothActor() : null);
        Save(saved);
        using var loaded = _policies.Load(Zip);
        Assert.That(loaded.AuthorOnnx(batched: false), Is.EqualTo(saved.AuthorOnnx(batched: false)));
    }

    [Test]
    public void A_policy_behind_other_transforms_is_refused_with_advice()
    {
        using var policy = PolicyFixture.Policy();
        var ml = new MLContext(seed: 1);
        var view = PolicyFixture.View(PolicyFixture.Observations(5));
        var chain = ml.Transforms.NormalizeMeanVariance("Observation").Fit(view).Append(policy);
        ml.Model.Save(chain, view.Schema, Zip);
        Assert.That(() => _policies.Load(Zip),
            Throws.TypeOf<PolicyFileException>().With.Message.Contains(Zip).And.Message.Contains("Model.Load, if its origin is trusted"));
    }

    [Test]
    public void A_graph_that_computes_something_else_is_refused()
    {
        using var policy = PolicyFixture.Policy();
        var graph = policy.AuthorOnnx(batched: true);
        // The operator's name: "Relu" becomes "Selu".
        graph[graph.AsSpan().LastIndexOf("Relu"u8)] = (byte)'S';
        Assert.That(() => _policies.Load(new MemoryStream(graph)), Throws.TypeOf<PolicyFileException>().With.Message.Contains("is not one that MbpoML writes"));
    }

    [Test]
    public void Weights_that_are_no_numbers_are_refused()
    {
        var actor = PolicyFixture.Actor();
        actor.Weights[1][3] = float.NaN;
        using var policy = PolicyFixture.Policy(actor: actor);
        Assert.That(() => _policies.Load(new MemoryStream(policy.AuthorOnnx(batched: true))),
            Throws.TypeOf<PolicyFileException>().With.Message.Contains("not a finite number"));
    }

    [Test]
    public void A_byte_that_rotted_in_the_weights_is_found()
    {
        using var policy = PolicyFixture.Policy();
        Save(policy);
        // Stored as it is, so that the byte changed below is one of the weights.
        var stored = Stored(File.ReadAllBytes(Zip));
        Assert.That(() => _policies.Load(new MemoryStream(stored)).Dispose(), Throws.Nothing);
        stored[stored.Length / 2] ^= 1;
        Assert.That(() => _policies.Load(new MemoryStream(stored)), Throws.TypeOf<PolicyFileException>().With.Message.Contains("checksum is wrong"));
    }

    [Test]
    public void A_file_above_the_limit_is_refused_and_so_is_one_that_unpacks_beyond_it()
    {
        using var policy = PolicyFixture.Policy(actor: PolicyFixture.Actor(hidden: [256, 256]));
        Save(policy);
        Assert.That(() => _policies.Load(Zip, 100_000), Throws.TypeOf<PolicyFileException>().With.Message.Contains("larger than the 100000 bytes"));
        var zeros = PolicyFixture.Actor(hidden: [256, 256]);
        foreach (var weights in zeros.Weights) Array.Clear(weights);
        using var small = PolicyFixture.Policy(actor: zeros);
        Save(small);
        Assert.That(new FileInfo(Zip).Length, Is.LessThan(100_000));
        Assert.That(() => _policies.Load(Zip, 100_000), Throws.TypeOf<PolicyFileException>().With.Message.Contains("larger than the 100000 bytes"));
        Assert.That(() => _policies.Load(Zip).Dispose(), Throws.Nothing);
    }

    [Test]
    public void A_file_that_is_missing_empty_a_folder_or_something_else_is_named()
    {
        File.WriteAllText(_folder["empty"], "");
        File.WriteAllText(_folder["text"], "not a policy");
        foreach (var path in new[] { _folder["missing"], _folder["empty"], _folder["text"], _folder.FullName })
            Assert.That(() => _policies.Load(path), Throws.TypeOf<PolicyFileException>().With.Message.Contains(path));
    }

    [Test]
    public void Arguments_are_checked()
    {
        Assert.That(() => _policies.Load(" "), Throws.ArgumentException);
        Assert.That(() => _policies.Load((Stream)null!), Throws.ArgumentNullException);
        Assert.That(() => _policies.Load("x", 0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("maxBytes"));
        using var writeOnly = new FileStream(_folder["w"], FileMode.Create, FileAccess.Write);
        Assert.That(() => _policies.Load(writeOnly), Throws.ArgumentException.With.Property("ParamName").EqualTo("stream"));
    }

    private static byte[] Stored(byte[] zip)
    {
        using var file = new MemoryStream();
        using (var source = new ZipArchive(new MemoryStream(zip)))
        using (var target = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in source.Entries)
            {
                using var from = entry.Open();
                using var to = target.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                from.CopyTo(to);
            }
        }

        return file.ToArray();
    }

    private static void AssertSame(PolicyTransformer loaded, PolicyTransformer saved)
    {
        foreach (var observation in PolicyFixture.Observations(20)) Assert.That(loaded.Act(observation), Is.EqualTo(saved.Act(observation)));
        using var observations = randn(50, PolicyFixture.ObservationSize);
        float[] Drawn(PolicyTransformer policy)
        {
            using var generator = new Generator(9);
            using var actions = policy.Sample(observations, generator);
            return actions.data<float>().ToArray();
        }

        Assert.That(Drawn(loaded), Is.EqualTo(Drawn(saved)));
    }

    private void Save(PolicyTransformer policy) => new MLContext(seed: 1).Model.Save(policy, policy.InputSchema, Zip);
}
