using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Tests.Dynamics.Ensemble;
using MbpoML.Tests.Fakes;
using static TorchSharp.torch;

namespace MbpoML.Tests.Imagination;

/// <summary>The one place where a step is imagined.</summary>
public class ImaginedEnvironmentTests
{
    private EnsembleLearner _learner = null!;

    [OneTimeSetUp]
    public void Fit()
    {
        using var rows = LinearGaussianSystem.Draw(300, 5);
        _learner = new EnsembleLearner(LinearGaussianSystem.Layout, LinearGaussianSystem.SmallOptions(), seed: 1);
        _learner.Fit(rows, CancellationToken.None);
    }

    [OneTimeTearDown]
    public void Free() => _learner.Dispose();

    [Test]
    public void What_is_known_of_the_task_stands_in_place_of_what_the_model_says()
    {
        using var scope = NewDisposeScope();
        var model = new AdditiveModel(1) { Terminates = next => next.squeeze(1) > 100 };
        var (state, action) = (tensor(new float[] { 1, 2, 3 }).unsqueeze(1), ones(3, 1));
        var alone = new ImaginedEnvironment(model).Step(state, action, new Generator(1));
        var known = new ImaginedEnvironment(model, TerminationFunction.FromRow((_, _, next) => next[0] > 2.5f),
            RewardFunction.FromRow((before, _, next) => before[0] * next[0])).Step(state, action, new Generator(1));
        Assert.Multiple(() =>
        {
            Assert.That(alone.Reward.data<float>().ToArray(), Is.EqualTo(new float[] { 1, 1, 1 }));
            Assert.That(alone.Terminated.data<bool>().ToArray(), Is.EqualTo(new[] { false, false, false }));
            Assert.That(known.Reward.data<float>().ToArray(), Is.EqualTo(new float[] { 2, 6, 12 }));
            Assert.That(known.Terminated.data<bool>().ToArray(), Is.EqualTo(new[] { false, true, true }));
        });
    }

    [Test]
    public void A_member_for_the_whole_rollout_draws_from_that_members_distribution()
    {
        using var scope = NewDisposeScope();
        const int Rows = 20_000;
        var model = _learner.Ensemble;
        var task = new ImaginedEnvironment(model, propagation: Propagation.MemberEachRollout);
        var (state, action) = (full([Rows, 2], 0.3f), full([Rows, 1], -0.2f));
        var members = task.DrawMembers(Rows, new Generator(2))!;
        var step = task.Step(state, action, new Generator(3), members);
        var (means, deviations) = model.PredictMembers(state.narrow(0, 0, 1), action.narrow(0, 0, 1));
        Assert.That(members.unique().output.size(0), Is.EqualTo(model.EliteCount));
        for (var member = 0; member < model.EliteCount; member++)
        {
            var own = step.NextObservation.index_select(0, members.eq(member).nonzero().squeeze(1)).select(1, 0);
            var deviation = deviations[member, 0, 1].item<float>();
            Assert.That(own.mean().item<float>(), Is.EqualTo(means[member, 0, 1].item<float>()).Within(5 * deviation / Math.Sqrt(own.size(0))));
            Assert.That(own.std().item<float>(), Is.EqualTo(deviation).Within(0.05 * deviation));
        }
    }

    [Test]
    public void The_mean_is_the_mean_of_the_mixture_and_draws_nothing()
    {
        using var scope = NewDisposeScope();
        var task = new ImaginedEnvironment(_learner.Ensemble, propagation: Propagation.Mean);
        var (state, action) = (randn(10, 2, generator: new Generator(4)), randn(10, 1, generator: new Generator(5)));
        var generator = new Generator(6);
        var before = generator.get_state().bytes.ToArray();
        var step = task.Step(state, action, generator);
        var (mean, _) = _learner.Ensemble.Predict(state, action);
        Assert.Multiple(() =>
        {
            Assert.That(step.NextObservation.data<float>().ToArray(), Is.EqualTo(mean.narrow(1, 1, 2).contiguous().data<float>().ToArray()));
            Assert.That(step.Reward.data<float>().ToArray(), Is.EqualTo(mean.select(1, 0).contiguous().data<float>().ToArray()));
            Assert.That(generator.get_state().bytes.ToArray(), Is.EqualTo(before));
            Assert.That(task.DrawMembers(3, generator), Is.Null);
        });
    }

    [Test]
    public void A_member_drawn_for_each_step_is_what_the_model_itself_draws()
    {
        using var scope = NewDisposeScope();
        var (state, action) = (randn(50, 2, generator: new Generator(4)), randn(50, 1, generator: new Generator(5)));
        var step = new ImaginedEnvironment(_learner.Ensemble).Step(state, action, new Generator(8));
        var sample = _learner.Ensemble.Sample(state, action, new Generator(8));
        Assert.That(step.NextObservation.equal(sample.NextObservation).all().item<bool>());
    }

    [Test]
    public void A_model_without_members_of_its_own_is_asked_for_them_in_the_same_way()
    {
        using var scope = NewDisposeScope();
        const int Rows = 20_000;
        IEnsembleDynamicsModel plain = new Plain(_learner.Ensemble);
        var (state, action) = (full([Rows, 2], 0.3f), full([Rows, 1], -0.2f));
        var members = ones(Rows, int64);
        var sample = plain.SampleMembers(state, action, members, new Generator(3));
        var (means, deviations) = plain.PredictMembers(state.narrow(0, 0, 1), action.narrow(0, 0, 1));
        var reward = deviations[1, 0, 0].item<float>();
        Assert.That(sample.Reward.mean().item<float>(), Is.EqualTo(means[1, 0, 0].item<float>()).Within(5 * reward / Math.Sqrt(Rows)));
        Assert.That(sample.Reward.std().item<float>(), Is.EqualTo(reward).Within(0.05 * reward));
    }

    // Only what an ensemble must have; the rest by default.
    private sealed class Plain(IEnsembleDynamicsModel inner) : IEnsembleDynamicsModel
    {
        public MbpoML.Data.TransitionLayout Layout => inner.Layout;

        public int EliteCount => inner.EliteCount;

        public (Tensor Mean, Tensor StandardDeviation) PredictMembers(Tensor observation, Tensor action) => inner.PredictMembers(observation, action);

        public (Tensor Mean, Tensor StandardDeviation) Predict(Tensor observation, Tensor action) => inner.Predict(observation, action);

        public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator) => inner.Sample(observation, action, generator);
    }
}
