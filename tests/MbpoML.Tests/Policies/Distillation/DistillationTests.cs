using MbpoML.Acting;
using MbpoML.Environments;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.Distillation;

/// <summary>A network learns the actions of any policy.</summary>
public class DistillationTests
{
    [Test]
    public void A_network_acts_as_the_policy_does_and_is_saved_and_exported()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        var rl = mlContext.Reinforcement();
        var rows = mlContext.Data.LoadFromEnumerable(
            from one in Enumerable.Range(-10, 21) from other in Enumerable.Range(-10, 21) select new Row { Observation = [one / 10f, 100 + (other * 10)] });
        var distillation = rl.Policies.Distill(new Bend(), new() { Seed = 2, Epochs = 60 });
        using var network = distillation.Fit(rows);
        network.ExportToOnnx(folder["bend.onnx"]);
        using var loaded = rl.Policies.Load(folder["bend.onnx"]);
        using var scope = NewDisposeScope();
        var observations = tensor(new[] { 0.35f, 130, -0.75f, 70 }, 2, 2);
        var expected = new Bend().Act(observations).data<float>().ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(distillation.Error, Is.LessThan(1e-3));
            Assert.That(network.Act(observations).data<float>().ToArray(), Is.EqualTo(expected).Within(0.15f));
            Assert.That(loaded.Act(observations).data<float>().ToArray(), Is.EqualTo(network.Act(observations).data<float>().ToArray()).Within(1e-4f));
            Assert.That(network.IsNetwork);
        });
        using var again = rl.Policies.Distill(new Bend(), new() { Seed = 2, Epochs = 60 }).Fit(rows);
        Assert.That(again.Act(observations).data<float>().ToArray(), Is.EqualTo(network.Act(observations).data<float>().ToArray()));
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Observation { get; set; } = [];
    }

    // 2 + sin(3 x) y / 100, of two observations of very different scale.
    private sealed class Bend : IPolicy
    {
        public int ObservationSize => 2;

        public BoxSpace ActionSpace { get; } = new([-1], [5]);

        public Tensor Act(Tensor observation) => (2 + ((observation.select(1, 0) * 3).sin() * observation.select(1, 1) / 100)).unsqueeze(1);

        public Tensor Sample(Tensor observation, Generator generator) => Act(observation);
    }
}
