using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Planning;
using MbpoML.Tests.Fakes;
using static TorchSharp.torch;

namespace MbpoML.Tests.Planning;

/// <summary>What a sequence is worth: particles, members, ends, values.</summary>
public class ImaginedReturnsTests
{
    private const int Horizon = 6;

    private static readonly IRewardFunction NewState = RewardFunction.FromTensors((_, _, next) => next.select(1, 0));

    // s' = s + a from 0: a (1 + 2 + ... + H).
    [TestCase(1)]
    [TestCase(7)]
    public void An_integrator_gives_its_sum_whatever_the_particles(int particles)
    {
        using var scope = NewDisposeScope();
        var values = Values(new AdditiveModel(1), new() { Horizon = Horizon, Particles = particles }, NewState);
        Assert.That(values, Is.EqualTo(new[] { 0.1f, 0.2f, -0.5f }.Select(action => action * Horizon * (Horizon + 1) / 2)).Within(1e-4));
    }

    [Test]
    public void Later_steps_count_less_by_the_discount_and_the_end_has_a_value()
    {
        using var scope = NewDisposeScope();
        var values = Values(
            new AdditiveModel(1),
            new() { Horizon = 2, Discount = 0.5, TerminalValue = TerminalValue.FromTensors(state => state.select(1, 0) * 10) }, NewState);
        Assert.That(values, Is.EqualTo(new[] { 0.1f, 0.2f, -0.5f }.Select(action => action + (0.5 * 2 * action) + (0.25 * 10 * 2 * action))).Within(1e-4));
    }

    // Members that add 10, 11 and 12 tell one propagation from the other by what they add up to.
    [Test]
    public void A_particle_keeps_its_member_or_changes_it_and_each_member_gets_equally_many()
    {
        using var scope = NewDisposeScope();
        var states = new List<float[]>();
        var seen = RewardFunction.FromTensors((_, _, next) =>
        {
            states.Add(next.select(1, 0).data<float>().ToArray());
            return zeros(next.size(0));
        });
        Values(Three(), new() { Horizon = Horizon, Particles = 6 }, seen);
        var last = states[^1];
        Assert.That(last.Take(6), Is.EqualTo(new float[] { 60, 60, 66, 66, 72, 72 }), "TS-infinity: two particles for each member, from first to last");
        states.Clear();
        Values(Three(), new() { Horizon = Horizon, Particles = 6, Propagation = Propagation.MemberEachStep }, seen);
        Assert.Multiple(() =>
        {
            foreach (var (before, after) in new[] { new float[18] }.Concat(states).Zip(states))
                for (var sequence = 0; sequence < 3; sequence++)
                    Assert.That(
                        after.Zip(before, (one, other) => one - other).Skip(sequence * 6).Take(6).Order(),
                        Is.EqualTo(new float[] { 10, 10, 11, 11, 12, 12 }), "TS1: equally many of each member at each step of each sequence");
            Assert.That(states[^1].Distinct().Count(), Is.GreaterThan(3), "paths that no single member makes");
        });
        states.Clear();
        Values(Three(), new() { Horizon = Horizon, Propagation = Propagation.Mean }, seen);
        Assert.That(states[^1], Is.EqualTo(new float[] { 66, 66, 66 }), "the mean of the members, one particle");
    }

    // A rule that asks for nothing has to see every step before the next one is made.
    [TestCase(1, false, 7)]
    [TestCase(2, false, 7)]
    [TestCase(2, true, 7)]
    [TestCase(1, false, 1)]
    public void Rollouts_that_are_imagined_at_once_are_worth_what_single_steps_give(int workers, bool ends, int candidates)
    {
        using var scope = NewDisposeScope();
        using var learner = new EnsembleLearner(
            new TransitionLayout(9, 2), new() { MemberCount = 3, EliteCount = 3, HiddenSizes = [24, 20], Workers = workers }, 1);
        var over = ends ? TerminationFunction.FromTensors((_, _, next) => next.select(1, 0) > 0.5f) : null;
        var slow = TerminationFunction.FromTensors((observation, _, next) => (next - observation).abs().amax([1L]) > 1f);
        float[] Worth(IRolloutRule? rule)
        {
            var options = new PlanningTransformer.Options
            {
                Horizon = Horizon,
                Particles = 6,
                Discount = 0.9,
                RewardAfterEnd = -1,
                Rule = rule,
                Constraint = slow,
            };
            // The particles of a single sequence lie in one place.
            var rows = candidates == 1 ? 1 : 2;
            var starts = rand([rows, 9], generator: new Generator(5));
            var sequences = rand([rows, candidates, Horizon, 2], generator: new Generator(6));
            var (values, violations) = new ImaginedReturns(new PlannedTask(() => learner.Ensemble, over, null), options)
                .Evaluate(starts, sequences, new Generator(7));
            return [.. values.contiguous().data<float>(), .. violations!.contiguous().data<float>()];
        }

        Assert.That(learner.Ensemble.RollsOut);
        Assert.That(Worth(null), Is.EqualTo(Worth(RolloutRule.StopWhere(step => step.Reward > 1e9f))).Within(1e-5));
    }

    [TestCase(12)]
    [TestCase(200)]
    public void One_worker_or_two_imagine_the_same_bits(int rows)
    {
        using var scope = NewDisposeScope();
        float[] Outcomes(int workers)
        {
            using var learner = new EnsembleLearner(
                new TransitionLayout(5, 2), new() { MemberCount = 3, EliteCount = 3, HiddenSizes = [24, 20], Workers = workers }, 1);
            var members = arange(rows, ScalarType.Int64).remainder(3);
            return [.. learner.Ensemble.SampleRollouts(
                rand([rows, 5], generator: new Generator(5)), rand([4, rows, 2], generator: new Generator(6)), members, new Generator(7)).data<float>()];
        }

        Assert.That(Outcomes(2), Is.EqualTo(Outcomes(1)));
    }

    [Test]
    public void Particles_that_cannot_be_dealt_equally_are_refused()
    {
        var returns = new ImaginedReturns(new PlannedTask(() => Three(), null, null), new() { Particles = 4 });
        Assert.That(() => returns.Particles, Throws.InvalidOperationException.With.Message.Contains("multiple of the 3 members"));
        Assert.That(new ImaginedReturns(new PlannedTask(() => Three(), null, null), new()).Particles, Is.EqualTo(18), "about the twenty of PETS");
        Assert.That(new ImaginedReturns(new PlannedTask(() => new AdditiveModel(1), null, null), new()).Particles, Is.EqualTo(1));
    }

    [Test]
    public void Nothing_is_earned_after_the_end_but_what_was_said()
    {
        using var scope = NewDisposeScope();
        // Over where the state passes 0.25: the steps of 0.1 get there at the third, those of 0.2 at the second.
        var over = TerminationFunction.FromTensors((_, _, next) => next.select(1, 0) > 0.25f);
        var paid = RewardFunction.FromTensors((_, _, next) => ones(next.size(0)));
        Assert.That(Values(new AdditiveModel(1), new() { Horizon = Horizon }, paid, over), Is.EqualTo(new float[] { 3, 2, 6 }));
        Assert.That(Values(new AdditiveModel(1), new() { Horizon = Horizon, RewardAfterEnd = -1 }, paid, over), Is.EqualTo(new float[] { 0, -2, 6 }));
        Assert.That(
            Values(
                new AdditiveModel(1), new() { Horizon = Horizon, TerminalValue = TerminalValue.FromTensors(state => full([state.size(0)], 100f)) }, paid, over),
            Is.EqualTo(new float[] { 3, 2, 106 }), "what has ended has no value left");
    }

    [Test]
    public void A_rule_penalises_and_stops()
    {
        using var scope = NewDisposeScope();
        var paid = RewardFunction.FromTensors((_, _, next) => ones(next.size(0)));
        var penalty = RolloutRule.Penalise(step => step.Action.select(1, 0).abs());
        Assert.That(Values(new AdditiveModel(1), new() { Horizon = 2, Rule = penalty }, paid), Is.EqualTo(new[] { 1.8f, 1.6f, 1f }).Within(1e-5));
        var stop = RolloutRule.StopWhere(step => step.NextObservation.select(1, 0) > 0.15f);
        Assert.That(Values(new AdditiveModel(1), new() { Horizon = 3, Rule = stop }, paid), Is.EqualTo(new float[] { 2, 1, 3 }));
    }

    [Test]
    public void What_leaves_the_range_of_numbers_is_worth_less_than_anything()
    {
        using var scope = NewDisposeScope();
        var model = new FunctionModel(new TransitionLayout(1, 1), (state, action, _) =>
            new(state / (action - 0.1f).abs().gt(0.01f).to(float32), action.squeeze(1).clone(), zeros(state.size(0), ScalarType.Bool)));
        Assert.That(Values(model, new() { Horizon = 3 }, NewState), Is.EqualTo(new[] { float.NegativeInfinity, 0, 0 }));
    }

    [Test]
    public void What_breaks_the_constraint_is_worth_less_than_what_keeps_it_and_the_less_the_more_particles_break_it()
    {
        using var scope = NewDisposeScope();
        // Of three members the largest, and then all, are beyond the limits.
        PlanningTransformer.Options Limited(float limit, double most) => new()
        {
            Horizon = 1,
            Particles = 3,
            MaxViolation = most,
            Constraint = TerminationFunction.FromTensors((_, _, next) => next.select(1, 0) > limit),
        };
        var returns = new ImaginedReturns(new PlannedTask(() => Three(), null, NewState), Limited(11.5f, 0));
        var (values, violations) = returns.Evaluate(zeros(1, 1), zeros(1, 1, 1, 1), new Generator(1));
        Assert.That(values.item<float>(), Is.EqualTo(11), "members of 10, 11 and 12");
        Assert.That(violations!.data<float>().ToArray(), Is.EqualTo(new[] { 1f / 3f, 1f / 3f }), "one of three particles, in its only step");
        var earned = tensor(new[] { 5f, -3f, 100f, 7f, float.NegativeInfinity }, 1, 5);
        var shares = tensor(new[] { 0f, 0f, 1f / 3f, 1f, 1f, 0f, 0f, 0.1f, 0.2f, 1f }, 2, 1, 5);
        var ranked = returns.Ranked(earned, shares).data<float>().ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(ranked[..2], Is.EqualTo(new[] { 5f, -3f }), "those that keep it stay as they are");
            Assert.That(ranked[2], Is.LessThan(-3), "whatever it earns");
            Assert.That(ranked[3], Is.LessThan(ranked[2]), "more steps");
            Assert.That(ranked[4], Is.EqualTo(float.NegativeInfinity), "what has left the range of numbers stays last");
            Assert.That(
                new ImaginedReturns(new PlannedTask(() => Three(), null, NewState), Limited(11.5f, 0.4)).Ranked(earned, shares).data<float>().ToArray()[2],
                Is.EqualTo(100), "one of three may");
        });
    }

    [Test]
    public void A_transition_after_the_end_breaks_nothing()
    {
        using var scope = NewDisposeScope();
        var over = TerminationFunction.FromTensors((_, _, next) => next.select(1, 0) > 0.25f);
        var options = new PlanningTransformer.Options
        {
            Horizon = Horizon,
            Constraint = TerminationFunction.FromTensors((_, _, next) => next.select(1, 0) > 0.35f)
        };
        var sequences = tensor(new[] { 0.1f, 0.2f, 0.4f }, 1, 3, 1, 1).expand(1, 3, Horizon, 1).contiguous();
        var (_, violations) = new ImaginedReturns(new PlannedTask(() => new AdditiveModel(1), over, NewState), options)
            .Evaluate(zeros(1, 1), sequences, new Generator(1));
        Assert.That(
            violations!.data<float>().ToArray(), Is.EqualTo(new[] { 0f, 1, 1, 0, 1f / Horizon, 1f / Horizon }).Within(1e-6),
            "0.3 ends it; 0.4 breaks it on the way");
    }

    // The sequences that hold 0.1, 0.2 and -0.5, from 0.
    private static float[] Values(
        IDynamicsModel model, PlanningTransformer.Options options, IRewardFunction? reward = null, ITerminationFunction? termination = null)
    {
        var sequences = tensor(new[] { 0.1f, 0.2f, -0.5f }, 1, 3, 1, 1).expand(1, 3, options.Horizon, 1).contiguous();
        return new ImaginedReturns(new PlannedTask(() => model, termination, reward), options).Evaluate(zeros(1, 1), sequences, new Generator(1)).Values
            .data<float>().ToArray();
    }

    private static MembersModel Three() => new(new TransitionLayout(1, 1), 3, (state, _) =>
    {
        var mean = stack([.. new[] { 10, 11, 12 }.Select(added => cat([zeros_like(state), state + added], 1))], 0);
        return (mean, zeros_like(mean));
    });
}
