using MbpoML.Numerics;
using MbpoML.Planning;
using MbpoML.Saving;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Planning;

/// <summary>What every optimizer of action sequences does, on functions whose best sequence is known.</summary>
public class ActionSequenceSearchTests
{
    private const int Rows = 2;
    private const int Horizon = 4;
    private const int Actions = 2;

    private static IEnumerable<IActionSequenceOptimizer> Optimizers()
    {
        var planning = new MLContext(seed: 1).Reinforcement().Planning;
        yield return planning.RandomShooting();
        yield return planning.CrossEntropy();
        yield return planning.ImprovedCrossEntropy();
        yield return planning.PathIntegral();
    }

    // Of those that move a distribution; a uniform draw of eight numbers comes nowhere near.
    [TestCaseSource(nameof(Optimizers))]
    public void The_best_sequence_of_each_row_is_found(IActionSequenceOptimizer optimizer)
    {
        using var scope = NewDisposeScope();
        using var search = optimizer.CreateSearch(Horizon, Actions);
        search.Begin(Rows);
        var generator = new Generator(1);
        var target = tensor(new[] { 0.6f, -0.3f }, Rows, 1, 1, 1);
        ActionSequences found = default;
        for (var step = 0; step < 4; step++) found = search.Search(Problem(sequences => Distance(sequences, target)), generator);
        var off = (found.Actions - target.squeeze(1)).abs().max().item<float>();
        Assert.Multiple(() =>
        {
            Assert.That(off, Is.LessThan(optimizer is RandomShooting ? 0.8 : 0.3));
            Assert.That(found.Value.data<float>().ToArray(),
                Is.EqualTo(Distance(found.Actions.unsqueeze(1), target).squeeze(1).data<float>().ToArray()).Within(1e-6), "the value is that of the sequence");
        });
    }

    [TestCaseSource(nameof(Optimizers))]
    public void Everything_that_is_tried_and_found_keeps_the_bounds_and_the_limits(IActionSequenceOptimizer optimizer)
    {
        using var scope = NewDisposeScope();
        using var search = optimizer.CreateSearch(Horizon, Actions);
        search.Begin(Rows);
        var largest = 0f;
        var problem = new PlanningProblem(Rows, Horizon, Actions, sequences =>
        {
            largest = Math.Max(largest, sequences.abs().max().item<float>());
            return sequences.sum([1 + 1L, 3L]);
        }, sequences => sequences.clamp(-0.25, 0.25));
        var found = search.Search(problem, new Generator(1));
        Assert.That(largest, Is.EqualTo(0.25f).Within(1e-6f));
        Assert.That(found.Actions.abs().max().item<float>(), Is.LessThanOrEqualTo(0.25f));
    }

    [TestCaseSource(nameof(Optimizers))]
    public void What_cannot_be_judged_is_never_chosen_and_where_nothing_can_be_it_is_said(IActionSequenceOptimizer optimizer)
    {
        using var scope = NewDisposeScope();
        using var search = optimizer.CreateSearch(Horizon, Actions);
        search.Begin(Rows);
        var found = search.Search(
            Problem(sequences => sequences[.., .., 0, 0].where(sequences[.., .., 0, 0] < 0.3f, tensor(float.NegativeInfinity))), new Generator(1));
        Assert.Multiple(() =>
        {
            Assert.That(found.Value.isfinite().all().item<bool>());
            Assert.That(found.Actions[.., 0, 0].max().item<float>(), Is.LessThan(0.3f));
            var fault = Assert.Throws<LearningException>(
                () => search.Search(Problem(sequences => full([Rows, sequences.size(1)], float.NegativeInfinity)), new Generator(1)));
            Assert.That(fault!.Message, Does.Contain("fewer steps ahead"));
        });
    }

    [TestCaseSource(nameof(Optimizers))]
    public void A_saved_search_goes_on_bit_for_bit(IActionSequenceOptimizer optimizer)
    {
        using var scope = NewDisposeScope();
        using var search = optimizer.CreateSearch(Horizon, Actions);
        search.Begin(Rows);
        var problem = Problem(sequences => Distance(sequences, full([1, 1, 1, 1], 0.4f)));
        search.Search(problem, new Generator(1));
        search.Advance(1);
        using var memory = StateMemory.Of(search);
        var expected = search.Search(problem, new Generator(2));
        using var other = optimizer.CreateSearch(Horizon, Actions);
        memory.RestoreTo(other);
        var found = other.Search(problem, new Generator(2));
        Assert.That(found.Actions.data<float>().ToArray(), Is.EqualTo(expected.Actions.data<float>().ToArray()));
        memory.Replace("mean", zeros(Rows, Horizon + 1, Actions));
        Assert.That(() => memory.RestoreTo(other), Throws.TypeOf<CheckpointException>().With.Message.Contains("mean"));
    }

    [TestCaseSource(nameof(Optimizers))]
    public void Rows_that_go_on_keep_what_they_learned_and_new_episodes_forget_it(IActionSequenceOptimizer optimizer)
    {
        using var scope = NewDisposeScope();
        using var search = optimizer.CreateSearch(Horizon, Actions);
        search.Begin(2);
        var targets = tensor(new[] { -0.5f, 0.5f }, 2, 1, 1, 1);
        search.Search(Problem(sequences => Distance(sequences, targets)), new Generator(1));
        search.Keep(tensor(new[] { 1L }));
        using var kept = StateMemory.Of(search);
        var mean = kept.Tensor("mean");
        search.Begin(3);
        using var fresh = StateMemory.Of(search);
        Assert.Multiple(() =>
        {
            Assert.That(mean.shape, Is.EqualTo(new long[] { 1, Horizon, Actions }));
            Assert.That(mean.mean().item<float>(), Is.GreaterThan(optimizer is RandomShooting ? 0f : 0.2f));
            Assert.That(fresh.Tensor("mean").abs().max().item<float>(), Is.Zero);
        });
    }

    [TestCaseSource(nameof(Optimizers))]
    public void A_budget_is_kept(IActionSequenceOptimizer optimizer)
    {
        using var scope = NewDisposeScope();
        using var search = optimizer.CreateSearch(Horizon, Actions);
        foreach (var budget in new[] { 1, 2, 30, 61 })
        {
            search.Begin(Rows);
            var problem = Problem(sequences => Distance(sequences, zeros(1, 1, 1, 1)), budget);
            search.Search(problem, new Generator(1));
            Assert.That(problem.Evaluated, Is.InRange(1, budget));
        }
    }

    [Test]
    public void Icem_costs_ninety_seven_rollouts_a_step_from_the_first_step_on()
    {
        using var scope = NewDisposeScope();
        using var search = new MLContext(seed: 1).Reinforcement().Planning.ImprovedCrossEntropy().CreateSearch(Horizon, Actions);
        search.Begin(Rows);
        for (var step = 0; step < 3; step++)
        {
            var problem = Problem(sequences => Distance(sequences, zeros(1, 1, 1, 1)));
            search.Search(problem, new Generator(1));
            search.Advance(1);
            Assert.That(problem.Evaluated, Is.EqualTo(40 + 32 + 25));
        }
    }

    [TestCase(0, 0)]
    [TestCase(0.8, 0.8)]
    public void Random_shooting_draws_uniform_actions_that_stay_for_a_while(double persistence, double share)
    {
        using var scope = NewDisposeScope();
        var optimizer = new MLContext(seed: 1).Reinforcement().Planning.RandomShooting(new() { Candidates = 4000, Persistence = persistence });
        using var search = optimizer.CreateSearch(Horizon, Actions);
        search.Begin(1);
        Tensor? drawn = null;
        search.Search(
            new PlanningProblem(1, Horizon, Actions, sequences => (drawn = sequences.clone().DetachFromDisposeScope()).sum([2L, 3L])), new Generator(1));
        using var all = drawn!;
        var stays = all.narrow(2, 1, Horizon - 1).eq(all.narrow(2, 0, Horizon - 1)).to(ScalarType.Float32).mean().item<float>();
        Assert.Multiple(() =>
        {
            Assert.That(stays, Is.EqualTo(share).Within(0.02));
            Assert.That(all.std().item<float>(), Is.EqualTo(1 / Math.Sqrt(3)).Within(0.02), "of uniform numbers");
            Assert.That(all.select(2, Horizon - 1).mean().item<float>(), Is.EqualTo(0).Within(0.03));
        });
    }

    [Test]
    public void Random_shooting_tries_the_rest_of_its_plan_and_none_before_the_first()
    {
        using var scope = NewDisposeScope();
        using var search = new MLContext(seed: 1).Reinforcement().Planning.RandomShooting(new() { Candidates = 5 }).CreateSearch(Horizon, Actions);
        List<Tensor> tried = [];
        var problem = new PlanningProblem(1, Horizon, Actions, sequences =>
        {
            tried.Add(sequences.clone().DetachFromDisposeScope());
            return sequences.sum([2L, 3L]);
        });
        search.Begin(1);
        using var plan = search.Search(problem, new Generator(1)).Actions;
        search.Advance(1);
        search.Search(problem, new Generator(2));
        search.Begin(1);
        search.Search(problem, new Generator(1));
        var rest = tried[1].select(1, 0);
        Assert.Multiple(() =>
        {
            Assert.That(tried.Select(sequences => sequences.size(1)), Has.All.EqualTo(5), "the plan counts as a candidate");
            Assert.That(rest.narrow(1, 0, Horizon - 1).Equals(plan.narrow(1, 1, Horizon - 1)), "moved on by a step");
            Assert.That(rest.select(1, Horizon - 1).Equals(plan.select(1, Horizon - 1)), "with the last action once more");
            Assert.That(tried[2].Equals(tried[0]), "a new episode has no plan");
        });
        foreach (var sequences in tried) sequences.Dispose();
    }

    // The formulas of the official code, by hand.
    [Test]
    public void One_iteration_of_the_cross_entropy_method_is_that_of_pets()
    {
        using var scope = NewDisposeScope();
        var optimizer = new MLContext(seed: 1).Reinforcement().Planning.CrossEntropy(new() { Candidates = 50, Elites = 5, Iterations = 1 });
        using var search = optimizer.CreateSearch(Horizon, Actions);
        search.Begin(1);
        Tensor? drawn = null;
        search.Search(
            new PlanningProblem(1, Horizon, Actions, sequences =>
            {
                drawn ??= sequences.clone().DetachFromDisposeScope();
                return sequences.sum([2L, 3L]);
            }), new Generator(1));
        using var memory = StateMemory.Of(search);
        var order = drawn!.sum([2L, 3L]).squeeze(0).argsort(descending: true).narrow(0, 0, 5);
        var expected = drawn.squeeze(0).index_select(0, order).mean([0L]) * 0.9;
        Assert.Multiple(() =>
        {
            Assert.That(memory.Tensor("mean").squeeze(0).data<float>().ToArray(), Is.EqualTo(expected.contiguous().data<float>().ToArray()).Within(1e-6f));
            // Two deviations of a half: everything within the bounds, and some of it near them.
            Assert.That(drawn.abs().max().item<float>(), Is.InRange(0.9f, 1f));
            Assert.That(drawn.std().item<float>(), Is.EqualTo(0.5 * 0.8796).Within(0.03), "of a normal distribution that is cut at two deviations");
        });
    }

    [Test]
    public void A_plan_moves_on_with_the_middle_behind_it_or_its_last_action()
    {
        using var scope = NewDisposeScope();
        var planning = new MLContext(seed: 1).Reinforcement().Planning;
        (IActionSequenceOptimizer, bool)[] kinds = [(planning.CrossEntropy(), false), (planning.ImprovedCrossEntropy(), true)];
        foreach (var (optimizer, repeats) in kinds)
        {
            using var search = optimizer.CreateSearch(Horizon, Actions);
            search.Begin(1);
            search.Search(new PlanningProblem(1, Horizon, Actions, sequences => Distance(sequences, full([1, 1, 1, 1], 0.5f))), new Generator(1));
            using var before = StateMemory.Of(search);
            search.Advance(1);
            using var after = StateMemory.Of(search);
            var (mean, moved) = (before.Tensor("mean"), after.Tensor("mean"));
            Assert.Multiple(() =>
            {
                Assert.That(moved[0, 0, 0].item<float>(), Is.EqualTo(mean[0, 1, 0].item<float>()));
                Assert.That(moved[0, Horizon - 1, 0].item<float>(), Is.EqualTo(repeats ? mean[0, Horizon - 1, 0].item<float>() : 0f));
            });
        }
    }

    [Test]
    public void A_sharper_path_integral_weighs_the_best_more()
    {
        using var scope = NewDisposeScope();
        var planning = new MLContext(seed: 1).Reinforcement().Planning;
        float Mean(double sharpness)
        {
            using var search = planning.PathIntegral(new() { Iterations = 1, Sharpness = sharpness }).CreateSearch(Horizon, Actions);
            search.Begin(1);
            return search.Search(new PlanningProblem(1, Horizon, Actions, sequences => sequences.sum([2L, 3L]) * 1000), new Generator(1))
                .Actions.mean().item<float>();
        }

        Assert.That(Mean(0.01), Is.LessThan(0.1f));
        Assert.That(Mean(1), Is.GreaterThan(Mean(0.1)));
        Assert.That(Mean(20), Is.GreaterThan(Mean(1)));
    }

    private static PlanningProblem Problem(Func<Tensor, Tensor> evaluate, long? budget = null) =>
        new(Rows, Horizon, Actions, evaluate, restrict: null, budget);

    private static Tensor Distance(Tensor sequences, Tensor target) => -(sequences - target).square().sum([2L, 3L]);
}
