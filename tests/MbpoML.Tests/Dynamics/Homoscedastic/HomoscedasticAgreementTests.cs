using MbpoML.Data;
using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Numerics;
using static MbpoML.Tests.Dynamics.Homoscedastic.HomoscedasticSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Homoscedastic;

/// <summary>The fast path and the reference path take the same steps, and neither depends on the number of workers.</summary>
public class HomoscedasticAgreementTests
{
    [TestCase(2, 1, 2, 8, new[] { 7 })]
    [TestCase(2, 1, 2, 8, new[] { 7 }, 1.5)]
    [TestCase(3, 2, 3, 37, new[] { 33, 47 })]
    [TestCase(3, 2, 3, 37, new[] { 33, 47 }, 1.0)]
    [TestCase(11, 3, 8, 64, new[] { 40, 40, 40 })]
    [TestCase(17, 6, 3, 256, new[] { 256, 256, 256 })]
    [TestCase(1, 1, 4, 1, new[] { 12 })]
    public void Paths_agree_over_a_hundred_steps(int observations, int actions, int members, int batch, int[] hidden, double? errorLimit = null)
    {
        var layout = new TransitionLayout(observations, actions);
        HomoscedasticLearner Learner(Acceleration acceleration)
        {
            var options = Small(members, hidden, acceleration);
            (options.BatchSize, options.NoiseErrorLimit) = (batch, errorLimit);
            return Prepared(options, layout);
        }

        using var reference = Learner(Acceleration.Reference);
        using var fused = Learner(Acceleration.Auto);
        var (expected, actual) = (Steps(reference, layout, 100), Steps(fused, layout, 100));
        Assert.Multiple(() =>
        {
            Assert.That(RelativeDifference(Floats(fused.Ensemble.Network.Flat), Floats(reference.Ensemble.Network.Flat)), Is.LessThan(1e-5), "weights");
            Assert.That(RelativeDifference(Floats(fused.Ensemble.Network.LogNoise), Floats(reference.Ensemble.Network.LogNoise)), Is.LessThan(1e-5), "noise");
            Assert.That(actual, Is.EqualTo(expected).Within(1e-5 * Math.Abs(expected)), "loss");
            Assert.That(fused.State.Weights.StepCount, Is.EqualTo(100));
            Assert.That(fused.State.Streams.Select(stream => stream.State), Is.EqualTo(reference.State.Streams.Select(stream => stream.State)),
                "as much was drawn");
        });
    }

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(8)]
    public void Two_workers_give_the_same_bits_as_one(int members)
    {
        using var one = new HomoscedasticLearner(Layout, Small(members, workers: 1), 1);
        using var two = new HomoscedasticLearner(Layout, Small(members, workers: 2), 1);
        foreach (var count in (int[])[300, 400])
        {
            using var rows = Rows(Layout, count, 1);
            var (expected, actual) = (one.Fit(rows, CancellationToken.None), two.Fit(rows, CancellationToken.None));
            Assert.That(actual, Is.EqualTo(expected));
        }

        Assert.That(Parameters(two), Is.EqualTo(Parameters(one)));
        using var scope = NewDisposeScope();
        using var first = new Generator(1);
        using var second = new Generator(1);
        var (observation, action) = (randn(700, 3), randn(700, 2));
        Assert.That(Floats(two.Ensemble.Sample(observation, action, second).NextObservation),
            Is.EqualTo(Floats(one.Ensemble.Sample(observation, action, first).NextObservation)));
    }

    [TestCase(null)]
    [TestCase(2)]
    public void Whole_fits_agree(int? patience)
    {
        HomoscedasticLearner Fitted(Acceleration acceleration)
        {
            var options = Small(3, acceleration: acceleration);
            (options.HoldoutRatio, options.Patience, options.HoldoutInterval) = (0.2, patience, 10);
            var learner = new HomoscedasticLearner(Layout, options, 1);
            foreach (var count in (int[])[200, 300])
            {
                using var rows = Rows(Layout, count, 1);
                learner.Fit(rows, CancellationToken.None);
            }

            return learner;
        }

        using var reference = Fitted(Acceleration.Reference);
        using var fused = Fitted(Acceleration.Auto);
        Assert.That(RelativeDifference(Parameters(fused), Parameters(reference)), Is.LessThan(1e-5));
        Assert.That(fused.Report!.KeptStep, Is.EqualTo(reference.Report!.KeptStep));
        Assert.That(fused.Report.NewRowsLoss!.Value, Is.EqualTo(reference.Report.NewRowsLoss!.Value).Within(1e-3).Percent);
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Steps_allocate_nothing_once_the_memory_is_there(int workers)
    {
        using var scope = NewDisposeScope();
        using var learner = Prepared(Small(4, workers: workers), Layout);
        using var rows = Rows(Layout, 300, 1);
        var data = learner.Prepare(rows);
        void Run() => learner.Updater.Run(data, new StepRange(0, 50, 50), CancellationToken.None);
        for (var round = 0; round < 3; round++) Run();
        var least = long.MaxValue;
        var tensors = LiveTensors.Settled();
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Run();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        // Of 50 steps of four members, on all threads.
        Assert.That(least, Is.LessThan(2000), "bytes");
        Assert.That(Tensor.TotalCount, Is.EqualTo(tensors));
    }

    private static double Steps(HomoscedasticLearner learner, TransitionLayout layout, int steps)
    {
        using var scope = NewDisposeScope();
        using var rows = Rows(layout, 500, 4);
        return learner.Updater.Run(learner.Prepare(rows), new StepRange(0, steps, steps), CancellationToken.None);
    }

    // Of the vectors as a whole: where a single gradient is nearly zero, Adam makes much of its rounding.
    private static double RelativeDifference(IReadOnlyList<float> first, IReadOnlyList<float> second) =>
        Math.Sqrt(first.Zip(second, (a, b) => Math.Pow((double)a - b, 2)).Sum() / second.Sum(value => Math.Pow(value, 2)));
}
