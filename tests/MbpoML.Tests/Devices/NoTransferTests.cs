using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Feeds;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Imagination;
using MbpoML.Numerics.Random;
using MbpoML.Policies.SoftActorCritic;
using static MbpoML.Tests.Policies.SoftActorCritic.SacSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Devices;

/// <summary>
/// The inner loops on torch's meta device: whatever read a value back to the CPU would throw, and so would an elementwise operation that mixes devices. What is
/// not seen here are copies towards the device and matrix products of two devices.
/// </summary>
public class NoTransferTests
{
    private static readonly Device Meta = TestDevices.Meta;

    [Test]
    public void The_meta_device_refuses_what_these_tests_look_for()
    {
        using var scope = NewDisposeScope();
        var there = zeros(2, 3, ScalarType.Float32, Meta);
        Assert.Multiple(() =>
        {
            Assert.That(() => there.sum().item<float>(), Throws.Exception);
            Assert.That(() => there.cpu(), Throws.Exception);
            Assert.That(() => there.data<float>().ToArray(), Throws.Exception);
            Assert.That(() => zeros(2, 3).copy_(there), Throws.Exception);
            Assert.That(() => there + ones(2, 3), Throws.Exception);
        });
    }

    [TestCase(false, null)]
    [TestCase(true, 0.2)]
    public void A_policy_update_with_its_minibatch_reads_nothing_back(bool standardize, double? entropyCoefficient)
    {
        using var scope = NewDisposeScope();
        var settings = Settings(5, 2, 16, 16) with { StandardizeObservations = standardize, EntropyCoefficient = entropyCoefficient };
        using var learner = new SacLearner(Context(), settings, seed: 7, Meta);
        using var real = Pool(settings.Layout);
        using var imagined = Pool(settings.Layout);
        using var minibatches = new Minibatches(
            new MbpoTrainer.Options { BatchSize = 32 }.ToMbpoSettings(new BranchedRollouts.Options(), isSaved: false), real, imagined, seed: 3);
        real.Add(new double[5], new double[2], 0, new double[5], terminated: false, truncated: false);
        for (var left = 3; left > 0; left--) learner.Update(minibatches.Next(left));
        Assert.That(learner.State.ActorOptimizer.StepCount, Is.EqualTo(3));
        Assert.That(() => learner.TakeMetrics(), Throws.Exception, "once an epoch the sums do cross");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_step_of_the_ensemble_reads_nothing_back(bool normalize)
    {
        using var scope = NewDisposeScope();
        var layout = new TransitionLayout(3, 2);
        var options = new ProbabilisticEnsembleTrainer.Options { MemberCount = 4, EliteCount = 2, HiddenSizes = [8, 8], TargetNormalization = normalize };
        using var learner = new EnsembleLearner(layout, options, seed: 1, Meta);
        Tensor Rows(int columns) => zeros(50, columns, ScalarType.Float32, Meta);
        for (var step = 0; step < 3; step++) learner.Updater.Step(Rows(5), Rows(4), zeros(4, 50, ScalarType.Int64, Meta), 16 * step, 16);
        Assert.That(learner.Optimizer.StepCount, Is.EqualTo(3));
    }

    [Test]
    public void A_pool_draws_from_its_device_and_gives_what_stands_there()
    {
        using var scope = NewDisposeScope();
        using var pool = Pool(new TransitionLayout(5, 2));
        using var generator = new Generator(1);
        Assert.Multiple(() =>
        {
            Assert.That(pool.Sample(8, generator).device_type, Is.EqualTo(Meta.type));
            Assert.That(pool.SampleObservations(8, generator).shape, Is.EqualTo(new long[] { 8, 5 }));
            Assert.That(pool.ToRows().device_type, Is.EqualTo(Meta.type));
        });
    }

    [Test]
    public void Noise_is_made_where_it_is_used()
    {
        using var normals = NormalStream.Create(1, Meta);
        using var noise = empty(9, 3, ScalarType.Float32, Meta);
        for (var fill = 0; fill < 100; fill++) normals.Fill(noise);
        using var state = normals.GetState();
        Assert.That(state[1].item<long>(), Is.EqualTo(100 * 28), "27 numbers a fill, and one that is left to make whole words");
    }

    private static ReplayPool Pool(TransitionLayout layout)
    {
        var pool = new ReplayPool(layout, 100, Meta);
        using var rows = zeros(130, layout.Width);
        pool.Append(rows);
        return pool;
    }
}
