using MbpoML.Acting;
using MbpoML.Dynamics;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Tasks;
using MbpoML.Imagination;
using MbpoML.Planning;
using MbpoML.Saving;
using MbpoML.Tests.Fakes;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Tests.Planning;

/// <summary>A planner as a policy, as an actor in episodes, and in ML.NET.</summary>
public class PlanningTransformerTests
{
    private static readonly IRewardFunction NearMiddle = RewardFunction.FromTensors((_, _, next) => -next.select(1, 0).abs());

    [Test]
    public void It_adds_the_action_and_what_is_promised_and_a_prediction_engine_says_the_same()
    {
        var mlContext = new MLContext(seed: 1);
        using var planner = Planner(mlContext);
        var data = mlContext.Data.LoadFromEnumerable(new[] { 1f, -1, 0.5f, 1 }.Select(place => new Place { Observation = [place], Name = $"at {place}" }));
        var result = planner.Transform(data);
        var (actions, promises) = (result.GetColumn<float[]>("Action").ToArray(), result.GetColumn<float>("PlannedReturn").ToArray());
        using var engine = mlContext.Model.CreatePredictionEngine<Place, Planned>(planner);
        var single = engine.Predict(new Place { Observation = [-1f] });
        using var scope = NewDisposeScope();
        var (batched, values) = planner.Plan(tensor(new[] { 1f, -1, 0.5f }, 3, 1));
        Assert.Multiple(() =>
        {
            Assert.That(result.GetColumn<string>("Name").First(), Is.EqualTo("at 1"), "other columns pass");
            Assert.That(actions.Select(action => Math.Sign(action[0])), Is.EqualTo(new[] { -1, 1, -1, -1 }));
            Assert.That(actions[3], Is.EqualTo(actions[0]), "equal rows get equal actions");
            Assert.That((single.Action[0], single.PlannedReturn), Is.EqualTo((actions[1][0], promises[1])));
            Assert.That(promises[0], Is.InRange(-1.5f, -0.1f), "0.5 and nothing more is the least that the way costs");
            Assert.That(batched.shape, Is.EqualTo(new long[] { 3, 1 }));
            Assert.That(values.data<float>().Zip(promises, (one, other) => Math.Abs(one - other)), Has.All.LessThan(0.3f), "many starts in one call");
        });
    }

    [Test]
    public void Many_starts_go_in_blocks_and_none_is_none()
    {
        using var scope = NewDisposeScope();
        using var planner = Planner(new MLContext(seed: 1), particles: 100);
        var starts = linspace(-1, 1, 23).unsqueeze(1);
        var (actions, _) = planner.Plan(starts);
        var away = starts.abs().squeeze(1) > 0.2f;
        Assert.Multiple(() =>
        {
            Assert.That(actions.squeeze(1).sign().eq(-starts.squeeze(1).sign()).masked_select(away).all().item<bool>());
            Assert.That(planner.Act(zeros(0, 1)).shape, Is.EqualTo(new long[] { 0, 1 }));
        });
    }

    [Test]
    public void Limits_of_the_change_hold_from_step_to_step_and_from_plan_to_plan()
    {
        var mlContext = new MLContext(seed: 1);
        using var planner = Planner(mlContext, options: options => (options.MaxActionChange, options.ReplanEvery) = ([0.1], 2));
        using var actor = planner.NewActor();
        actor.Begin(1);
        var (place, before) = (1.0, double.NaN);
        var action = new double[1];
        var largest = 0.0;
        for (var step = 0; step < 12; step++)
        {
            actor.Act([place], action, null);
            place += action[0];
            if (step > 0)
            {
                Assert.That(Math.Abs(action[0] - before), Is.LessThanOrEqualTo(0.1 + 1e-6));
                largest = Math.Max(largest, Math.Abs(action[0] - before));
            }

            before = action[0];
        }

        Assert.That(largest, Is.GreaterThan(0.05), "the limit was felt");
    }

    [Test]
    public void A_plan_is_followed_for_as_long_as_it_is_said()
    {
        var planned = new List<long>();
        var model = new FunctionModel(new(1, 1), (state, action, _) =>
        {
            planned.Add(state.size(0));
            return new(state + action, -(state + action).abs().squeeze(1), zeros(state.size(0), ScalarType.Bool));
        });
        using var planner = new MLContext(seed: 1).Reinforcement().Policies.Planner(
            new ImaginedEnvironment(model), new(new[] { -0.5 }, [0.5]), options: new() { Horizon = 4, ReplanEvery = 3 });
        using var actor = planner.NewActor();
        actor.Begin(1);
        var plans = new List<int>();
        for (var step = 0; step < 7; step++)
        {
            planned.Clear();
            actor.Act([1.0], new double[1], null);
            plans.Add(planned.Count > 0 ? 1 : 0);
        }

        Assert.That(plans, Is.EqualTo(new[] { 1, 0, 0, 1, 0, 0, 1 }));
    }

    [Test]
    public void A_budget_bounds_the_rows_of_each_plan()
    {
        long rows = 0;
        var model = new FunctionModel(new(1, 1), (state, action, _) =>
        {
            rows += state.size(0);
            return new(state + action, -(state + action).abs().squeeze(1), zeros(state.size(0), ScalarType.Bool));
        });
        using var planner = new MLContext(seed: 1).Reinforcement().Policies.Planner(
            new ImaginedEnvironment(model), new(new[] { -0.5 }, [0.5]), options: new() { Horizon = 5, Particles = 2, MaxRows = 500 });
        using var start = zeros(1, 1);
        planner.Act(start).Dispose();
        Assert.That(rows, Is.EqualTo(500));
    }

    [Test]
    public void An_actor_that_is_saved_goes_on_as_if_it_had_never_been_stopped()
    {
        var mlContext = new MLContext(seed: 1);
        using var planner = Planner(mlContext, options: options => options.ReplanEvery = 2);
        foreach (var stopAt in new[] { 0, 1, 2, 3 })
        {
            using var whole = planner.NewActor();
            using var stopped = planner.NewActor();
            using var resumed = planner.NewActor();
            whole.Begin(1);
            stopped.Begin(1);
            Assert.That(Actions(whole, 6), Is.EqualTo(Actions(stopped, stopAt).Concat(Resumed(stopped, resumed, 6 - stopAt))));
        }

        static double[] Resumed(IActor from, IActor to, int steps)
        {
            using var memory = StateMemory.Of((ISaved)from);
            memory.RestoreTo((ISaved)to);
            return Actions(to, steps);
        }

        static double[] Actions(IActor actor, int steps) => [.. Enumerable.Range(0, steps).Select(_ =>
        {
            var action = new double[1];
            actor.Act([0.8], action, null);
            return action[0];
        })];
    }

    [Test]
    public void Episodes_side_by_side_end_one_by_one()
    {
        using var scope = NewDisposeScope();
        using var planner = Planner(new MLContext(seed: 1));
        using var actor = planner.NewActor();
        actor.Begin(3);
        var generator = new Generator(1);
        actor.Act(tensor(new[] { 1f, -1, 1 }, 3, 1), generator);
        actor.Keep(tensor(new[] { 1L, 2 }));
        var actions = actor.Act(tensor(new[] { -0.6f, 0.6f }, 2, 1), generator);
        Assert.Multiple(() =>
        {
            Assert.That(actions.sign().squeeze(1).data<float>().ToArray(), Is.EqualTo(new float[] { 1, -1 }));
            Assert.That(() => actor.Act(zeros(3, 1), generator), Throws.ArgumentException.With.Message.Contains("2 episodes"));
        });
    }

    [Test]
    public void The_true_equations_give_what_the_environment_gives()
    {
        using var scope = NewDisposeScope();
        foreach (var task in new AnalyticEnvironment[] { new PendulumEnvironment(), new CartPoleSwingUpEnvironment(), new CartPoleContinuousEnvironment(),
            new MountainCarContinuousEnvironment() })
        {
            var model = new EnvironmentDynamicsModel(task);
            var (before, after) = (new double[task.ObservationSpace.Size], new double[task.ObservationSpace.Size]);
            task.Reset(5, before);
            var result = task.Step([0.4], after);
            var step = model.Sample(
                tensor(before.Select(value => (float)value).ToArray(), 1, before.Length), full([1, 1], 0.4f), new Generator(1));
            Assert.Multiple(() =>
            {
                Assert.That(step.NextObservation.data<float>().Select(value => (double)value).ToArray(), Is.EqualTo(after).Within(1e-4), task.GetType().Name);
                Assert.That(step.Reward.item<float>(), Is.EqualTo(result.Reward).Within(1e-4));
                Assert.That(step.Terminated!.item<bool>(), Is.EqualTo(result.Terminated));
            });
        }
    }

    // s' = s + a, at most 0.5 a step.
    private static PlanningTransformer Planner(MLContext mlContext, int? particles = null, Action<PlanningTransformer.Options>? options = null)
    {
        var all = new PlanningTransformer.Options { Horizon = 4, Particles = particles };
        options?.Invoke(all);
        return mlContext.Reinforcement().Policies.Planner(
            new ImaginedEnvironment(new AdditiveModel(1), reward: NearMiddle), new(new[] { -0.5 }, [0.5]), options: all, seed: 3);
    }

    private sealed class Place
    {
        [VectorType(1)]
        public float[] Observation { get; set; } = [];

        public string Name { get; set; } = "";
    }

    private sealed class Planned
    {
        public float[] Action { get; set; } = [];

        public float PlannedReturn { get; set; }
    }
}
