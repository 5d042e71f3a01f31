using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Tests.Fakes;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Tests.Imagination;

public class BranchedRolloutGeneratorTests
{
    private DisposeScope _scope = null!;
    private Generator _generator = null!;

    [SetUp]
    public void SetUp() => (_scope, _generator) = (NewDisposeScope(), new Generator(3, CPU));

    [TearDown]
    public void TearDown()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    [Test]
    public void Each_step_begins_where_the_last_ended_and_only_the_horizon_is_truncated()
    {
        var model = new AdditiveModel(2);
        var starts = randn(50, 2, generator: _generator);
        var (rows, origins, statistics) = Run(new Parts(), starts, 4, model);

        Assert.That(rows, Has.Count.EqualTo(4));
        for (var step = 0; step < 4; step++)
        {
            var layout = model.Layout;
            var begin = step == 0 ? starts : layout.NextObservation(rows[step - 1]);
            Assert.Multiple(() =>
            {
                Assert.That(layout.Observation(rows[step]).equal(begin).all().item<bool>(), $"observation of step {step}");
                Assert.That(layout.NextObservation(rows[step]).allclose(begin + layout.Action(rows[step])), $"next observation of step {step}");
                Assert.That(layout.Reward(rows[step]).allclose(layout.Action(rows[step]).squeeze(1)), $"reward of step {step}");
                Assert.That(layout.Terminated(rows[step]).sum().item<float>(), Is.Zero);
                Assert.That(layout.Truncated(rows[step]).sum().item<float>(), Is.EqualTo(step == 3 ? 50 : 0));
                Assert.That(origins[step].data<long>().ToArray(), Is.EqualTo(Enumerable.Range(0, 50)));
            });
        }

        Assert.That(statistics, Is.EqualTo(new RolloutStatistics(50, 200, 0, 0)));
        Assert.That(statistics.MeanLength, Is.EqualTo(4));
    }

    [Test]
    public void Actions_are_drawn_not_the_most_likely_ones()
    {
        var policy = new NoisyPolicy(1, 1, gain: 0, noise: 1);
        var (rows, _, _) = Run(new Parts(), zeros(1000, 1), 1, new AdditiveModel(1), policy);
        Assert.That(rows[0].select(1, 1).std().item<float>(), Is.EqualTo(1).Within(0.1), "actions have the policy's spread");
        Assert.That(policy.Sampled, Is.EqualTo(1));
    }

    [Test]
    public void Terminated_rows_are_kept_once_and_then_dropped()
    {
        var model = new AdditiveModel(1);
        var starts = tensor(new float[] { 0, 10, 20, 30 }).unsqueeze(1);
        var termination = TerminationFunction.FromRow((_, _, next) => next[0] > 25.5f);
        var policy = new NoisyPolicy(1, 1, gain: 0.1f, noise: 0);  // 20 -> 22 -> 24.2 -> 26.62; 10 -> 11 ...; 30 -> 33
        var (rows, origins, statistics) = Run(new Parts(termination, null, null), starts, 4, model, policy);

        Assert.That(origins.Select(ids => ids.data<long>().ToArray()), Is.EqualTo(new long[][] { [0, 1, 2, 3], [0, 1, 2], [0, 1, 2], [0, 1] }));
        Assert.That(rows.Select(step => model.Layout.Terminated(step).data<float>().ToArray()),
            Is.EqualTo(new float[][] { [0, 0, 0, 1], [0, 0, 0], [0, 0, 1], [0, 0] }));
        Assert.That(model.Layout.Truncated(rows[2]).sum().item<float>(), Is.Zero, "a terminated row is never also truncated");
        Assert.That(statistics, Is.EqualTo(new RolloutStatistics(4, 12, 2, 0)));
    }

    [Test]
    public void The_models_own_termination_counts_where_no_function_is_given()
    {
        var model = new AdditiveModel(1) { Terminates = next => next.squeeze(1) > 5 };
        var (rows, _, statistics) = Run(new Parts(), tensor(new float[] { 0, 100 }).unsqueeze(1), 3, model);
        Assert.That(rows.Select(step => step.shape[0]), Is.EqualTo([2, 1, 1]));
        Assert.That(statistics.Terminated, Is.EqualTo(1));
    }

    [Test]
    public void A_reward_function_replaces_the_predicted_reward()
    {
        var model = new AdditiveModel(1);
        var reward = RewardFunction.FromRow((observation, _, next) => observation[0] + (10 * next[0]));
        var (rows, _, _) = Run(new Parts(null, reward, null), randn(20, 1, generator: _generator), 1, model);
        var expected = model.Layout.Observation(rows[0]) + (10 * model.Layout.NextObservation(rows[0]));
        Assert.That(model.Layout.Reward(rows[0]).allclose(expected.squeeze(1)));
    }

    [Test]
    public void A_stopping_rule_ends_rollouts_and_may_throw_their_last_step_away([Values] bool keepsLastStep)
    {
        var model = new AdditiveModel(1);
        var starts = tensor(new float[] { 0, 1, 2, 3 }).unsqueeze(1);
        var (rows, origins, statistics) = Run(new Parts(null, null, RolloutRule.StopWhere(step => step.NextObservation.squeeze(1) > 2.5f, keepsLastStep)),
            starts, 2, model, new NoisyPolicy(1, 1, gain: 0, noise: 0));
        Assert.That(origins.Select(ids => ids.data<long>().ToArray()), Is.EqualTo(new long[][] { keepsLastStep ? [0, 1, 2, 3] : [0, 1, 2], [0, 1, 2] }));
        Assert.That(statistics.Stopped, Is.EqualTo(1));
        if (keepsLastStep)
            Assert.That(model.Layout.Truncated(rows[0]).data<float>().ToArray(), Is.EqualTo(new float[] { 0, 0, 0, 1 }), "a stopped rollout bootstraps");
    }

    [Test]
    public void Rollouts_end_early_when_every_row_is_dead()
    {
        var (rows, _, _) = Run(new Parts(TerminationFunction.FromRow((_, _, _) => true), null, null), zeros(5, 1), 10, new AdditiveModel(1));
        Assert.That(rows, Has.Count.EqualTo(1));
    }

    [Test]
    public void Starts_beyond_one_block_are_all_rolled_out()
    {
        var count = BranchedRolloutGenerator.BlockSize + 17;
        var (rows, origins, statistics) = Run(new Parts(), arange(count, ScalarType.Float32).unsqueeze(1), 1, new AdditiveModel(1));
        Assert.That(rows.Sum(step => step.shape[0]), Is.EqualTo(count));
        Assert.That(origins.SelectMany(ids => ids.data<long>().ToArray()), Is.EqualTo(Enumerable.Range(0, count)));
        Assert.That(statistics.Starts, Is.EqualTo(count));
    }

    [Test]
    public void A_prediction_that_is_not_finite_is_reported()
    {
        var model = new AdditiveModel(1);
        Assert.That(
            () => Run(new Parts(), full(3, 1, float.PositiveInfinity), 1, model),
            Throws.TypeOf<LearningException>().With.Message.Contains("not finite at step 0"));
    }

    [Test]
    public void Cancellation_stops_between_steps()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.That(
            () => new BranchedRolloutGenerator(new ImaginedEnvironment(new AdditiveModel(1)), rule: null).Generate(
                zeros(3, 1), 5, new NoisyPolicy(1, 1, 0, 1), _generator, (_, _) => { }, source.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private (List<Tensor> Rows, List<Tensor> Origins, RolloutStatistics Statistics) Run(
        Parts parts, Tensor starts, int length, AdditiveModel model, NoisyPolicy? policy = null)
    {
        var generator = new BranchedRolloutGenerator(new ImaginedEnvironment(model, parts.Termination, parts.Reward), parts.Rule);
        var rows = new List<Tensor>();
        var origins = new List<Tensor>();
        var statistics = generator.Generate(starts, length, policy ?? new NoisyPolicy((int)starts.shape[1], 1, gain: 0, noise: 1), _generator, (step, ids) =>
        {
            rows.Add(step.clone().DetachFromDisposeScope());
            origins.Add(ids.clone().DetachFromDisposeScope());
        });
        foreach (var tensor in rows.Concat(origins)) _scope.Attach(tensor);
        return (rows, origins, statistics);
    }

    private sealed record Parts(ITerminationFunction? Termination = null, IRewardFunction? Reward = null, IRolloutRule? Rule = null);
}
