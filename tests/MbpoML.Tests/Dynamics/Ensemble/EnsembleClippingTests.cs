using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Ensemble;

/// <summary>Clipped gradients: the same in both paths and for any number of workers, and of each member as long as they may be.</summary>
public class EnsembleClippingTests
{
    private const int Rows = 500;
    private static readonly TransitionLayout Layout = new(5, 2);
    private static readonly Acceleration[] Both = [Acceleration.Auto, Acceleration.Reference];

    [TestCase(2, 0.5, 37)]
    [TestCase(3, 0.5, 64)]
    [TestCase(5, 0.05, 31)]
    [TestCase(1, 0.5, 40)]
    [TestCase(3, 0.5, 1)]
    public void Paths_agree_over_a_hundred_steps(int members, double maxNorm, int batch)
    {
        using var reference = Trained(members, maxNorm, batch, 100, Acceleration.Reference);
        using var fused = Trained(members, maxNorm, batch, 100);
        var (expected, actual) = (reference.Updater.TakeLossSum(), fused.Updater.TakeLossSum());
        Assert.That(LargestDifference(Floats(fused.Ensemble.Network.Flat), Floats(reference.Ensemble.Network.Flat)), Is.LessThan(1e-4),
            "a tenth of one step of Adam");
        Assert.That(actual, Is.EqualTo(expected).Within(1e-5 * Math.Abs(expected)));
    }

    [TestCase(2)]
    [TestCase(5)]
    public void The_number_of_workers_changes_no_bit(int members)
    {
        using var one = Trained(members, 0.3, 50, 50);
        using var two = Trained(members, 0.3, 50, 50, workers: 2);
        Assert.That(Floats(two.Ensemble.Network.Flat), Is.EqualTo(Floats(one.Ensemble.Network.Flat)));
    }

    [TestCaseSource(nameof(Both))]
    public void The_gradient_of_each_member_is_shortened_and_its_direction_stays(Acceleration acceleration)
    {
        const double maxNorm = 0.02;
        using var free = Trained(3, null, 50, 1, acceleration);
        using var clipped = Trained(3, maxNorm, 50, 1, acceleration);
        foreach (var (before, after) in Gradients(free).Zip(Gradients(clipped)))
        {
            Assert.That(Norm(before), Is.GreaterThan(2 * maxNorm), "or else nothing is tested");
            Assert.That(Norm(after), Is.EqualTo(maxNorm).Within(1e-6));
            Assert.That(LargestDifference([.. before.Select(value => (float)(value * maxNorm / Norm(before)))], after), Is.LessThan(1e-6));
        }
        // The bounds of the log variance are shared.
        var bounds = 2 * (1 + Layout.ObservationSize);
        Assert.That(Floats(clipped.Optimizer.FirstMoment)[^bounds..], Is.EqualTo(Floats(free.Optimizer.FirstMoment)[^bounds..]).Within(1e-7));
    }

    [TestCaseSource(nameof(Both))]
    public void A_bound_that_no_gradient_reaches_changes_next_to_nothing(Acceleration acceleration)
    {
        using var free = Trained(3, null, 50, 50, acceleration);
        using var bounded = Trained(3, 1e6, 50, 50, acceleration);
        Assert.That(LargestDifference(Floats(bounded.Ensemble.Network.Flat), Floats(free.Ensemble.Network.Flat)), Is.LessThan(1e-5));
    }

    [TestCase(0)]
    [TestCase(double.PositiveInfinity)]
    public void A_bound_must_be_a_number_above_zero(double maxNorm) => Assert.That(
        () => new ProbabilisticEnsembleTrainer.Options { GradientClipping = maxNorm }.Validate(),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("GradientClipping"));

    private static EnsembleLearner Trained(int members, double? maxNorm, int batch, int steps, Acceleration acceleration = Acceleration.Auto, int workers = 1)
    {
        var learner = new EnsembleLearner(
            Layout, new()
            {
                MemberCount = members,
                EliteCount = 1,
                HiddenSizes = [30, 20],
                Acceleration = acceleration,
                Workers = workers,
                GradientClipping = maxNorm
            }, 5);
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var inputs = randn(Rows, 7, generator: generator);
        var targets = inputs.narrow(1, 0, 1).tanh() + (0.3 * randn(Rows, 6, generator: generator));
        var order = randint(Rows, [members, Rows], ScalarType.Int64, generator: generator);
        for (var step = 0; step < steps; step++) learner.Updater.Step(inputs, targets, order, step * batch % (Rows - batch), batch);
        return learner;
    }

    // Of each member; after one step from zero, Adam's first moment is a tenth of the gradient.
    private static IEnumerable<float[]> Gradients(EnsembleLearner learner)
    {
        using var scope = NewDisposeScope();
        var parts = learner.Ensemble.Network.Split(learner.Optimizer.FirstMoment);
        return [.. Enumerable.Range(0, learner.Ensemble.Network.MemberCount).Select(member =>
            parts.Weights.Concat(parts.Biases).SelectMany(part => Floats(part.select(0, member).contiguous())).Select(value => 10 * value).ToArray())];
    }

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(value => (double)value * value));

    private static float[] Floats(Tensor tensor) => tensor.detach().data<float>().ToArray();

    private static double LargestDifference(IReadOnlyList<float> first, IReadOnlyList<float> second) =>
        first.Zip(second, (a, b) => Math.Abs((double)a - b)).Max();
}
