using MbpoML.Algorithms.MeTrpo;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Saving;
using MbpoML.Tests.Fakes;
using static TorchSharp.torch;

namespace MbpoML.Tests.Algorithms.MeTrpo;

/// <summary>
/// An optimization in models of which some were planted: the policy is one number, its action, which every update raises. In a good model more is better.
/// </summary>
public sealed class PolicyOptimizationTests
{
    private static readonly TransitionLayout Layout = new(1, 1);
    private RecordingEpisodeEstimator _estimator = null!;
    private RecordingEpisodeEstimator.Learner _learner = null!;

    [SetUp]
    public void MakeLearner()
    {
        _estimator = new RecordingEpisodeEstimator();
        _learner = _estimator.Create(Layout, BoxSpace.Uniform(1, -1, 1));
    }

    [TearDown]
    public void DisposeLearner() => _learner.Dispose();

    [Test]
    public void One_bad_model_of_five_does_not_stop_the_policy()
    {
        using var optimization = Run(bad: 1, most: 30);
        Assert.That(_estimator.Updates, Has.Count.EqualTo(30));
        Assert.That(_learner.Parameters[0].item<float>(), Is.EqualTo(30 * 0.25f));
        Assert.That(optimization.LastChange[0].item<float>(), Is.EqualTo(30 * 0.25f));
        Assert.That(optimization.Metrics()["policy/validation-share"], Is.EqualTo(0.8));
    }

    [Test]
    public void Two_bad_models_of_five_end_the_optimization_and_the_policy_is_what_it_was()
    {
        using var optimization = Run(bad: 2, most: 100);
        Assert.That(_estimator.Updates, Has.Count.EqualTo(25), "the patience");
        Assert.That(_learner.Parameters[0].item<float>(), Is.Zero);
        Assert.That(optimization.LastChange[0].item<float>(), Is.Zero);
        Assert.That(optimization.Metrics()["policy/kept"], Is.Zero);
    }

    // Up to an action of 2 it gets better everywhere, beyond that in the minority that has no bound.
    [Test]
    public void The_last_policy_that_most_models_agreed_on_is_taken()
    {
        using var optimization = New(Members(5, (member, action) => member == 0 ? action : -(action - 2).square()), most: 100);
        Finish(optimization);
        // Validated at 1.25, 2.5, 3.75 and so on: 2.5 is not worse than 1.25, 3.75 is.
        Assert.That(_learner.Parameters[0].item<float>(), Is.EqualTo(2.5f));
        Assert.That(_estimator.Updates, Has.Count.EqualTo(10 + 25));
    }

    [Test]
    public void A_model_that_is_none_counts_as_one_member()
    {
        var model = new FunctionModel(Layout, (state, action, _) => new(state.clone(), action.squeeze(1), zeros(state.size(0), ScalarType.Bool)));
        var imagined = new ImaginedEnvironment(model);
        using var optimization = new PolicyOptimization(_learner, PolicyValidationTests.Settings(), Layout, imagined, new MemberReturns(imagined, 3, 1), 1);
        Finish(optimization);
        Assert.That(optimization.Metrics()["policy/validation-return"], Is.EqualTo(3 * 40 * 0.25).Within(1e-5), "of three steps");
    }

    [Test]
    public void The_deviation_is_set_back_once_and_episodes_begin_at_the_given_states()
    {
        using var optimization = Run(bad: 0, most: 10);
        Assert.That(_estimator.Resets, Is.EqualTo(1));
        Assert.That(_estimator.Updates.SelectMany(update => update).Select(row => row.Observation).Distinct(), Is.EquivalentTo(new float[] { 7, 8, 9 }));
    }

    [Test]
    public void The_deviation_stays_where_it_was_as_MBBL_has_it()
    {
        var imagined = new ImaginedEnvironment(Members(5, (_, action) => action), propagation: Propagation.MemberEachRollout);
        var settings = PolicyValidationTests.Settings() with { ResetsDeviation = false };
        using var optimization = new PolicyOptimization(_learner, settings, Layout, imagined, new MemberReturns(imagined, 2, 1), 1);
        Finish(optimization);
        Assert.That(_estimator.Resets, Is.Zero);
    }

    [TestCase(1)]
    [TestCase(12)]
    public void It_goes_on_from_a_saved_state_in_its_middle(int stop)
    {
        Tensor Noisy(int member, Tensor action) => member < 2 ? action : -(action - 2).square();
        using var whole = New(Members(5, Noisy), most: 100);
        whole.Begin(Starts, Starts);
        for (var update = 0; update < stop; update++) whole.Update();
        using var other = new RecordingEpisodeEstimator().Create(Layout, BoxSpace.Uniform(1, -1, 1));
        using var resumed = New(Members(5, Noisy), most: 100, learner: other);
        using (var learner = StateMemory.Of(_learner)) learner.RestoreTo(other);
        using (var state = StateMemory.Of(whole)) state.RestoreTo(resumed);
        while (whole.IsRunning) whole.Update();
        while (resumed.IsRunning) resumed.Update();
        Assert.That(other.Parameters[0].item<float>(), Is.EqualTo(_learner.Parameters[0].item<float>()));
        Assert.That(resumed.Metrics(), Is.EqualTo(whole.Metrics()));
        Assert.That(resumed.LastChange[0].item<float>(), Is.EqualTo(whole.LastChange[0].item<float>()));
    }

    [TestCase("kept")]
    [TestCase("starts")]
    [TestCase("is-running")]
    public void A_state_without_a_part_is_refused(string part)
    {
        using var optimization = Run(bad: 0, most: 5);
        using var saved = StateMemory.Of(optimization);
        saved.Replace(part, null);
        Assert.That(() => saved.RestoreTo(optimization), Throws.InstanceOf<CheckpointException>().With.Message.Contains(part));
    }

    [Test]
    public void Returns_of_members_stop_where_the_task_ends_and_are_worst_where_a_member_leaves_the_numbers()
    {
        using var scope = NewDisposeScope();
        // The first member pays one a step, the second two; the third explodes. The task ends beyond 9.5, one a step further.
        var members = new MembersModel(Layout, 3, (observation, _) =>
        {
            Tensor Of(int member) => cat([full_like(observation, member + 1), observation + (member == 2 ? double.PositiveInfinity : 1)], 1);
            var mean = stack([Of(0), Of(1), Of(2)], 0);
            return (mean, zeros_like(mean));
        });
        var imagined = new ImaginedEnvironment(
            members, TerminationFunction.FromTensors((_, _, next) => next.select(1, 0) > 9.5), reward: null, Propagation.MemberEachRollout);
        var returns = new MemberReturns(imagined, steps: 10, seed: 1).Of(_learner, Starts);
        // From 7, 8 and 9 it takes three steps, two and one.
        Assert.That(returns[..2], Is.EqualTo((double[])[2, 4]).Within(1e-9));
        var endless = new ImaginedEnvironment(members, termination: null, RewardFunction.FromTensors((_, _, next) => next.select(1, 0)),
            Propagation.MemberEachRollout);
        Assert.That(new MemberReturns(endless, 2, 1).Of(_learner, Starts)[2], Is.EqualTo(double.NegativeInfinity));
    }

    // A user writes a reward for numbers: Sign throws where it is given NaN, and the root has no value far beyond the end.
    [Test]
    public void A_reward_by_row_is_asked_neither_where_a_member_left_the_numbers_nor_after_the_end()
    {
        using var scope = NewDisposeScope();
        var members = new MembersModel(Layout, 2, (observation, _) =>
        {
            var next = stack([observation + 1, full_like(observation, float.NaN)], 0);
            var mean = cat([zeros_like(next), next], 2);
            return (mean, zeros_like(mean));
        });
        var imagined = new ImaginedEnvironment(
            members, TerminationFunction.FromTensors((_, _, next) => next.select(1, 0) > 9.5),
            RewardFunction.FromRow((_, _, next) => Math.Sign(next[0]) * (MathF.Sqrt(10.5f - next[0]) >= 0 ? 1 : float.NaN)),
            Propagation.MemberEachRollout);
        var returns = new MemberReturns(imagined, steps: 10, seed: 1).Of(_learner, Starts);
        Assert.That(returns, Is.EqualTo((double[])[2, double.NegativeInfinity]).Within(1e-9), "from 7, 8 and 9 it takes three steps, two and one");
    }

    private static Tensor Starts => tensor((float[])[7, 8, 9]).view(3, 1);

    private PolicyOptimization Run(int bad, int most)
    {
        var optimization = New(Members(5, (member, action) => member < bad ? -action : action), most);
        Finish(optimization);
        return optimization;
    }

    private static void Finish(PolicyOptimization optimization)
    {
        using var starts = Starts;
        optimization.Begin(starts, starts);
        while (optimization.IsRunning) optimization.Update();
    }

    private PolicyOptimization New(MembersModel members, int most, RecordingEpisodeEstimator.Learner? learner = null)
    {
        var imagined = new ImaginedEnvironment(members, propagation: Propagation.MemberEachRollout);
        return new PolicyOptimization(
            learner ?? _learner, PolicyValidationTests.Settings(most), Layout, new ImaginedEnvironment(members), new MemberReturns(imagined, 2, 1), 1);
    }

    // Members that stay where they are and pay what is given for an action.
    private static MembersModel Members(int count, Func<int, Tensor, Tensor> reward) => new(Layout, count, (observation, action) =>
    {
        var mean = stack([.. Enumerable.Range(0, count).Select(member => cat([reward(member, action), observation], 1))], 0);
        return (mean, zeros_like(mean));
    });
}
