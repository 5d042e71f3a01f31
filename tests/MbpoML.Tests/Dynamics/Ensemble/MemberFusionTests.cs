using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Imagination;
using MbpoML.Tests.Fakes;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Ensemble;

public class MemberFusionTests
{
    private DisposeScope _scope = null!;
    private Generator _generator = null!;

    [SetUp]
    public void SetUp() => (_scope, _generator) = (NewDisposeScope(), new Generator(5, CPU));

    [TearDown]
    public void TearDown()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    [TestCase(1, 0)]
    [TestCase(1, 100)]
    // The squares of such deviations are no float32 numbers.
    [TestCase(1e-25, 0)]
    public void Mean_variance_and_gain_are_those_of_a_plain_computation(double unit, double offset)
    {
        const int Members = 5, Rows = 40, Outputs = 3;
        var mean = (randn([Members, Rows, Outputs], generator: _generator) + offset) * unit;
        var deviation = randn([Members, Rows, Outputs], generator: _generator).exp() * unit;
        var fusion = MemberFusion.Of((mean, deviation));
        for (var row = 0; row < Rows; row++)
        {
            for (var output = 0; output < Outputs; output++)
            {
                double[] means = [.. Enumerable.Range(0, Members).Select(member => (double)mean[member, row, output].item<float>())];
                double[] variances = [.. Enumerable.Range(0, Members).Select(member => Math.Pow(deviation[member, row, output].item<float>(), 2))];
                var variance = 1 / variances.Average(own => 1 / own);
                var fused = variance * means.Zip(variances, (own, spread) => own / spread).Average();
                var epistemic = means.Average(own => Math.Pow(own - fused, 2));
                var gain = variance / (variance + epistemic);
                Assert.Multiple(() =>
                {
                    Assert.That(fusion.Mean[row, output].item<float>(), Is.EqualTo(fused).Within((1e-5 * unit) + (1e-6 * Math.Abs(fused))));
                    Assert.That(fusion.Gain[row, output].item<float>(), Is.EqualTo(gain).Within(1e-4));
                    Assert.That(fusion.Deviation[row, output].item<float>(), Is.EqualTo(Math.Sqrt(variance)).Within(1e-5 * Math.Sqrt(variance)));
                    var open = Math.Sqrt((1 - gain) * variance);
                    Assert.That(fusion.OpenDeviation[row, output].item<float>(), Is.EqualTo(open).Within(1e-3 * open));
                });
            }
        }
    }

    [Test]
    public void Draws_have_the_fused_mean_and_variance_however_far_the_members_lie_apart([Values(0, 0.5, 3)] double apart)
    {
        // With equal deviations the draw is N(μ̄, σ̄²) to the moments.
        var model = Spread(apart, 0.7);
        var imagined = new ImaginedEnvironment(model, propagation: Propagation.Fused);
        var step = imagined.Step(zeros(100_000, 1), zeros(100_000, 1), _generator);
        Assert.Multiple(() =>
        {
            Assert.That(step.NextObservation.mean().item<float>(), Is.EqualTo(2).Within(0.02));
            Assert.That(step.NextObservation.std().item<float>(), Is.EqualTo(0.7).Within(0.01));
            Assert.That(step.Reward.mean().item<float>(), Is.EqualTo(-1).Within(0.02));
            Assert.That(step.Reward.std().item<float>(), Is.EqualTo(0.7).Within(0.01));
        });
    }

    [Test]
    public void Equal_generators_give_equal_draws_and_a_model_without_members_is_refused()
    {
        float[] Draw(ulong seed)
        {
            using var generator = new Generator(seed, CPU);
            return MemberFusion.Sample(Spread(1, 1), zeros(20, 1), zeros(20, 1), generator).NextObservation.data<float>().ToArray();
        }

        var first = Draw(1);
        Assert.Multiple(() =>
        {
            Assert.That(Draw(1), Is.EqualTo(first));
            Assert.That(Draw(2), Is.Not.EqualTo(first));
            Assert.That(
                () => new ImaginedEnvironment(() => new AdditiveModel(1), null, null, Propagation.Fused).Step(zeros(2, 1), zeros(2, 1), _generator),
                Throws.InvalidOperationException.With.Message.Contains("Fused").And.Message.Contains("AdditiveModel"));
        });
    }

    // Four members around a reward of -1 and a next observation of 2.
    private static MembersModel Spread(double apart, double deviation) => new(new TransitionLayout(1, 1), 4, (observation, _) =>
    {
        var middle = stack([full_like(observation.select(1, 0), -1), full_like(observation.select(1, 0), 2)], 1);
        var mean = stack([middle - (2 * apart), middle - apart, middle + apart, middle + (2 * apart)], 0);
        return (mean, full_like(mean, deviation));
    });
}
