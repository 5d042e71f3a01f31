using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Ensemble;

/// <summary>The fast path and the reference path take the same steps, and neither depends on the number of workers.</summary>
public class EnsembleAgreementTests
{
    private const int Rows = 500;

    [TestCase(2, 1, 1, 8, new[] { 7 })]
    [TestCase(3, 1, 2, 37, new[] { 33, 47 })]
    [TestCase(11, 3, 3, 64, new[] { 40, 40, 40 })]
    [TestCase(17, 6, 7, 100, new[] { 200, 200, 200, 200 })]
    [TestCase(45, 15, 5, 31, new[] { 64, 24 })]
    [TestCase(1, 1, 4, 1, new[] { 12 })]
    [TestCase(4, 2, 5, 1, new[] { 12, 8 })]
    public void Paths_agree_over_a_hundred_steps(int observations, int actions, int members, int batch, int[] hidden)
    {
        var layout = new TransitionLayout(observations, actions);
        using var reference = Learner(layout, members, hidden, Acceleration.Reference);
        using var fused = Learner(layout, members, hidden, Acceleration.Auto);
        Steps(reference, layout, batch, 100);
        Steps(fused, layout, batch, 100);
        var (expected, actual) = (reference.Updater.TakeLossSum(), fused.Updater.TakeLossSum());
        Assert.Multiple(() =>
        {
            // The bounds are far larger than weights and would hide them.
            var bounds = 2 * (1 + observations);
            Assert.That(RelativeDifference(Parameters(fused)[..^bounds], Parameters(reference)[..^bounds]), Is.LessThan(1e-5));
            Assert.That(RelativeDifference(Parameters(fused)[^bounds..], Parameters(reference)[^bounds..]), Is.LessThan(1e-5));
            Assert.That(LargestDifference(Parameters(fused), Parameters(reference)), Is.LessThan(1e-4), "a tenth of one step of Adam");
            Assert.That(actual, Is.EqualTo(expected).Within(1e-5 * Math.Abs(expected)));
            Assert.That(fused.Optimizer.StepCount, Is.EqualTo(100));
        });
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(7)]
    public void The_first_gradient_is_the_references(int members)
    {
        var layout = new TransitionLayout(5, 2);
        using var reference = Learner(layout, members, [30, 20], Acceleration.Reference);
        using var fused = Learner(layout, members, [30, 20], Acceleration.Auto);
        foreach (var learner in new[] { reference, fused })
        {
            // Bounds close to the outputs, so that both of them matter.
            learner.Ensemble.Network.Values.MinLogVariance.fill_(-0.5);
            learner.Ensemble.Network.Values.MaxLogVariance.fill_(0.5);
            Steps(learner, layout, 25, 1);
        }
        // After one step from zero, Adam's first moment is a tenth of the gradient.
        var (expected, actual) = (Floats(reference.Optimizer.FirstMoment), Floats(fused.Optimizer.FirstMoment));
        Assert.That(LargestDifference(actual, expected), Is.LessThan(1e-6 * expected.Max(Math.Abs)));
        Assert.That(expected.TakeLast(12).Min(Math.Abs), Is.GreaterThan(1e-3 / 2), "the bounds' gradient is more than the regulariser's");
    }

    [TestCase(1, 1)]
    [TestCase(1, 50)]
    [TestCase(4, 50)]
    [TestCase(7, 33)]
    public void Two_workers_give_the_same_bits_as_one(int members, int batch)
    {
        var layout = new TransitionLayout(6, 2);
        using var one = Learner(layout, members, [40, 24], workers: 1);
        using var two = Learner(layout, members, [40, 24], workers: 2);
        foreach (var learner in new[] { one, two }) Steps(learner, layout, batch, 50);
        using var data = Data(layout, 1500);
        var (inputs, targets) = (layout.ObservationAction(data).contiguous(), layout.NextObservation(data));
        using var withReward = cat([layout.Reward(data).unsqueeze(1), targets], 1);
        Assert.Multiple(() =>
        {
            Assert.That(Parameters(two), Is.EqualTo(Parameters(one)));
            Assert.That(two.Updater.TakeLossSum(), Is.EqualTo(one.Updater.TakeLossSum()));
            Assert.That(two.Updater.Errors(inputs, withReward), Is.EqualTo(one.Updater.Errors(inputs, withReward)));
        });
        inputs.Dispose();
        targets.Dispose();
    }

    [TestCase(1)]
    [TestCase(512)]
    [TestCase(1300)]
    public void Holdout_errors_are_the_references(int rows)
    {
        using var scope = NewDisposeScope();
        var layout = new TransitionLayout(6, 2);
        using var reference = Learner(layout, 3, [40, 24], Acceleration.Reference);
        using var fused = Learner(layout, 3, [40, 24]);
        var (inputs, targets) = (randn(rows, 8), randn(rows, 7));
        var expected = reference.Updater.Errors(inputs, targets);
        Assert.That(fused.Updater.Errors(inputs, targets), Is.EqualTo(expected).Within(1e-6 * expected.Max()));
    }

    [TestCase(false, DynamicsTarget.Delta)]
    [TestCase(true, DynamicsTarget.NextObservation)]
    [TestCase(false, DynamicsTarget.NextObservation)]
    public void Whole_fits_agree(bool normalize, DynamicsTarget target)
    {
        EnsembleLearner Fitted(Acceleration acceleration, int workers)
        {
            var options = LinearGaussianSystem.SmallOptions();
            (options.MaxEpochs, options.TargetNormalization, options.Target) = (10, normalize, target);
            (options.Acceleration, options.Workers) = (acceleration, workers);
            var learner = new EnsembleLearner(LinearGaussianSystem.Layout, options, 1);
            using var rows = LinearGaussianSystem.Draw(300, 1);
            learner.Fit(rows, CancellationToken.None);
            return learner;
        }
        using var reference = Fitted(Acceleration.Reference, 1);
        using var fused = Fitted(Acceleration.Auto, 1);
        using var twoWorkers = Fitted(Acceleration.Auto, 2);
        Assert.Multiple(() =>
        {
            Assert.That(LargestDifference(Parameters(fused), Parameters(reference)), Is.LessThan(1e-5));
            Assert.That(Parameters(twoWorkers), Is.EqualTo(Parameters(fused)));
            Assert.That(fused.Ensemble.Elites, Is.EqualTo(reference.Ensemble.Elites));
            Assert.That(fused.Report!.Epochs, Is.EqualTo(reference.Report!.Epochs));
            Assert.That(fused.Report.TrainLoss, Is.EqualTo(reference.Report.TrainLoss).Within(1e-5 * Math.Abs(reference.Report.TrainLoss)));
        });
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Steps_allocate_next_to_nothing(int workers)
    {
        var layout = new TransitionLayout(6, 2);
        using var learner = Learner(layout, 3, [40, 24], workers: workers);
        using var scope = NewDisposeScope();
        var (inputs, targets, order) = (randn(Rows, 8), randn(Rows, 7), randint(Rows, [3, Rows], ScalarType.Int64));
        void Step() => learner.Updater.Step(inputs, targets, order, 0, 50);
        for (var step = 0; step < 20; step++) Step();
        var tensors = LiveTensors.Settled();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 100; step++) Step();
        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / 100, Is.LessThan(500), "bytes a step");
        Assert.That(Tensor.TotalCount, Is.EqualTo(tensors));
    }

    private static EnsembleLearner Learner(
        TransitionLayout layout, int members, int[] hidden, Acceleration acceleration = Acceleration.Auto, int workers = 1) =>
        new(layout, new() { MemberCount = members, EliteCount = 1, HiddenSizes = hidden, Acceleration = acceleration, Workers = workers }, 5);

    private static void Steps(EnsembleLearner learner, TransitionLayout layout, int batch, int steps)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var inputs = randn(Rows, layout.ObservationSize + layout.ActionSize, generator: generator);
        // Something to learn, with noise.
        var targets = inputs.narrow(1, 0, 1).tanh() + (0.3 * randn(Rows, 1 + layout.ObservationSize, generator: generator));
        var order = randint(Rows, [learner.Ensemble.Network.MemberCount, Rows], ScalarType.Int64, generator: generator);
        for (var step = 0; step < steps; step++) learner.Updater.Step(inputs, targets, order, step * batch % (Rows - batch), batch);
    }

    private static Tensor Data(TransitionLayout layout, int rows)
    {
        using var generator = new Generator(4);
        return randn(rows, layout.Width, generator: generator);
    }

    private static float[] Floats(Tensor tensor) => tensor.detach().data<float>().ToArray();

    private static float[] Parameters(EnsembleLearner learner) => Floats(learner.Ensemble.Network.Flat);

    // Of the vectors as a whole: where a single gradient is nearly zero, Adam makes much of its rounding.
    private static double RelativeDifference(IReadOnlyList<float> first, IReadOnlyList<float> second) =>
        Math.Sqrt(first.Zip(second, (a, b) => Math.Pow((double)a - b, 2)).Sum() / second.Sum(value => Math.Pow(value, 2)));

    private static double LargestDifference(IReadOnlyList<float> first, IReadOnlyList<float> second) =>
        first.Zip(second, (a, b) => Math.Abs((double)a - b)).Max();
}
