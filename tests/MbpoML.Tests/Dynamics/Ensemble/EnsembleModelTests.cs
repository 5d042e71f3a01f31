using MbpoML.Dynamics.Ensemble;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Ensemble;

public class EnsembleModelTests
{
    private const int Batch = 6000;

    private TorchSharp.DisposeScope _scope = null!;
    private EnsembleLearner _learner = null!;
    private EnsembleModel _model = null!;
    private Tensor _observation = null!;
    private Tensor _action = null!;

    [SetUp]
    public void Prepare()
    {
        _scope = NewDisposeScope();
        _learner = new EnsembleLearner(LinearGaussianSystem.Layout, LinearGaussianSystem.SmallOptions(), 1);
        _model = _learner.Ensemble;
        _model.Elites = [2, 0];
        using var generator = new Generator(4);
        _observation = randn(Batch, 2, generator: generator);
        _action = randn(Batch, 1, generator: generator);
    }

    [TearDown]
    public void Free()
    {
        _learner.Dispose();
        _observation.Dispose();
        _action.Dispose();
        _scope.Dispose();
    }

    [Test]
    public void Grouped_rows_give_what_each_member_says_of_them()
    {
        using var generator = new Generator(5);
        var drawn = randint(2, [Batch], int64, generator: generator);
        var (mean, deviation) = _model.PredictDrawn(_observation, _action, drawn);
        var (means, deviations) = _model.PredictMembers(_observation, _action);
        var first = drawn.eq(0).unsqueeze(1);
        Assert.That((mean - where(first, means[0], means[1])).abs().max().item<float>(), Is.LessThan(1e-6f));
        Assert.That((deviation - where(first, deviations[0], deviations[1])).abs().max().item<float>(), Is.LessThan(1e-6f));
    }

    [Test]
    public void Each_row_draws_its_own_elite_and_no_other_member()
    {
        // Members that always say 10, 20 and 30, with next to no noise, show who was drawn.
        for (var member = 0; member < 3; member++) _model.Network.Values.Biases[^1][member].fill_(-30).narrow(1, 0, 3).fill_(10 * (member + 1));
        _model.Network.Values.Weights[^1].zero_();
        using var generator = new Generator(6);
        var first = _model.Sample(_observation, _action, generator).Reward.round().data<float>().ToArray();
        var second = _model.Sample(_observation, _action, generator).Reward.round().data<float>().ToArray();
        Assert.That(first.Distinct(), Is.EquivalentTo(new[] { 10f, 30f }));
        Assert.That(first.Count(value => value == 30), Is.EqualTo(Batch / 2).Within(200));
        Assert.That(first.Zip(second).Count(pair => pair.First == pair.Second), Is.EqualTo(Batch / 2).Within(200), "a new draw at each call");
    }

    [Test]
    public void Samples_have_the_predicted_mean_and_deviation()
    {
        _model.Elites = [1];
        using var generator = new Generator(7);
        var (mean, deviation) = _model.Predict(_observation, _action);
        var sample = _model.Sample(_observation, _action, generator);
        var score = (cat([sample.Reward.unsqueeze(1), sample.NextObservation], 1) - mean) / deviation;
        Assert.That(score.mean([0L]).data<float>().ToArray(), Is.All.EqualTo(0).Within(0.05));
        Assert.That(score.std([0L]).data<float>().ToArray(), Is.All.EqualTo(1).Within(0.04));
    }

    [TestCase(false, DynamicsTarget.Delta, 1)]
    [TestCase(true, DynamicsTarget.Delta, 2)]
    [TestCase(true, DynamicsTarget.NextObservation, 1)]
    [TestCase(false, DynamicsTarget.NextObservation, 2)]
    public void The_fast_path_draws_what_tensor_operations_draw(bool normalize, DynamicsTarget target, int workers)
    {
        var options = LinearGaussianSystem.SmallOptions();
        (options.TargetNormalization, options.Target, options.Workers, options.MaxEpochs) = (normalize, target, workers, 2);
        using var learner = new EnsembleLearner(LinearGaussianSystem.Layout, options, 1);
        using var rows = LinearGaussianSystem.Draw(300, 1, deltaScale: 3, rewardScale: 10);
        learner.Fit(rows, CancellationToken.None);
        using var one = new Generator(11);
        using var two = new Generator(11);
        var sample = learner.Ensemble.Sample(_observation, _action, one);
        var drawn = randint(2, [Batch], int64, generator: two);
        var expected = learner.Ensemble.SampleDrawn(_observation, _action, drawn, randn(Batch, 3, generator: two));
        var actual = cat([sample.Reward.unsqueeze(1), sample.NextObservation], 1);
        Assert.That((actual - expected).abs().max().item<float>(), Is.LessThan(1e-5f * expected.abs().max().item<float>()));
    }

    [Test]
    public void Two_workers_and_callers_on_several_threads_give_the_same_bits()
    {
        var options = LinearGaussianSystem.SmallOptions();
        options.Workers = 2;
        using var learner = new EnsembleLearner(LinearGaussianSystem.Layout, options, 1);
        learner.Ensemble.Elites = [2, 0];
        float[] Draw(EnsembleModel model)
        {
            using var generator = new Generator(12);
            using var scope = NewDisposeScope();
            return model.Sample(_observation, _action, generator).NextObservation.contiguous().data<float>().ToArray();
        }
        var expected = Draw(_model);
        var drawn = new float[4][];
        Parallel.For(0, drawn.Length, index => drawn[index] = Draw(learner.Ensemble));
        Assert.That(drawn, Is.All.EqualTo(expected));
    }

    [Test]
    public void The_mixture_follows_the_law_of_total_variance()
    {
        var (means, deviations) = _model.PredictMembers(_observation, _action);
        var (mean, deviation) = _model.Predict(_observation, _action);
        var variance = ((deviations[0].square() + deviations[1].square()) / 2) + ((means[0] - means[1]) / 2).square();
        Assert.That((mean - ((means[0] + means[1]) / 2)).abs().max().item<float>(), Is.LessThan(1e-6f));
        Assert.That((deviation.square() - variance).abs().max().item<float>(), Is.LessThan(1e-5f));
    }

    [Test]
    public void Equal_generators_give_equal_samples_and_no_tensor_stays()
    {
        using var one = new Generator(8);
        using var two = new Generator(8);
        var first = _model.Sample(_observation, _action, one);
        var second = _model.Sample(_observation, _action, two);
        Assert.That(second.NextObservation.eq(first.NextObservation).all().item<bool>(), Is.True);
        void Sample()
        {
            for (var step = 0; step < 50; step++)
            {
                var sample = _model.Sample(_observation, _action, one);
                sample.NextObservation.Dispose();
                sample.Reward.Dispose();
            }
        }

        // The memory of blocks of even and of odd size is made when the first one comes.
        Sample();
        var before = LiveTensors.Settled();
        Sample();
        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }

    [Test]
    public void Wrong_shapes_are_refused()
    {
        using var generator = new Generator(9);
        Assert.That(() => _model.Sample(_action, _action, generator), Throws.ArgumentException.With.Message.Contains("[rows, 2]"));
        Assert.That(() => _model.Sample(_observation, _action[..5], generator),
            Throws.ArgumentException.With.Message.Contains($"{Batch} observations, but 5 actions"));
    }
}
