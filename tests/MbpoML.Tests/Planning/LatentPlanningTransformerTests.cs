using MbpoML.Dynamics.Latent;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Planning;
using MbpoML.Saving;
using MbpoML.Tests.Dynamics.Latent;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Tests.Planning;

/// <summary>A planner in the latent space: its belief is a column in ML.NET, and a memory in episodes.</summary>
public class LatentPlanningTransformerTests
{
    private const int Frame = 256, BeliefSize = 8;

    [Test]
    public void The_belief_is_a_column_that_a_prediction_engine_and_a_saved_model_carry_on()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        using var planner = Planner(mlContext);
        var rows = Episode(planner, mlContext, steps: 4);
        var result = planner.Transform(View(mlContext, rows));
        var (beliefs, actions) = (result.GetColumn<float[]>("Belief").ToArray(), result.GetColumn<float[]>("Action").ToArray());
        mlContext.Model.Save(planner, planner.InputSchema, folder["planner.zip"]);
        var loaded = new MLContext(seed: 2).Model.Load(folder["planner.zip"], out var schema);
        var again = loaded.Transform(View(mlContext, rows));
        using var engine = new MLContext().Model.CreatePredictionEngine<Seen, Planned>(loaded, Engine(1));
        var single = engine.Predict(rows[3]);
        Assert.Multiple(() =>
        {
            Assert.That(result.GetColumn<string>("Name").First(), Is.EqualTo("step 0"), "other columns pass");
            Assert.That(rows[2].Belief, Is.EqualTo(beliefs[1]), "an engine made the rows, whose belief is that of the row before");
            Assert.That(beliefs[0], Is.Not.EqualTo(beliefs[3]).Within(1e-3));
            Assert.That(schema!.Select(column => column.Name), Is.EqualTo(new[] { "Observation", "PreviousAction", "Belief" }));
            Assert.That(again.Schema.Select(column => column.Name), Has.None.EqualTo("PreviousBelief"));
            AreNear(again.GetColumn<float[]>("Belief"), beliefs);
            AreNear(again.GetColumn<float[]>("Action"), actions);
            AreNear([single.Action], [actions[3]]);
        });
    }

    // Each decides otherwise than the first: the action before, the belief before, and whether there was one.
    [Test]
    public void Everything_that_is_read_counts_and_the_action_before_an_episode_does_not()
    {
        var mlContext = new MLContext(seed: 1);
        using var planner = Planner(mlContext);
        var (first, belief) = (Episode(planner, mlContext, 1)[0], Enumerable.Range(0, BeliefSize).Select(index => 0.1f * (index - 3)).ToArray());
        Seen[] rows =
        [
            first, With(first, [0], belief), With(first, [1], belief), With(first, [1], new float[BeliefSize]), With(first, [1], new float[BeliefSize], 3),
        ];
        var beliefs = planner.Transform(View(mlContext, rows)).GetColumn<float[]>("Belief").ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(beliefs[1], Is.Not.EqualTo(beliefs[0]).Within(1e-4));
            Assert.That(beliefs[2], Is.Not.EqualTo(beliefs[1]).Within(1e-4));
            Assert.That(beliefs[3], Is.EqualTo(beliefs[0]));
            Assert.That(beliefs[4], Is.Not.EqualTo(beliefs[0]).Within(1e-4));
        });

        static Seen With(Seen row, float[] action, float[] belief, int shift = 0) => new()
        {
            Observation = [.. row.Observation[shift..], .. row.Observation[..shift]],
            PreviousAction = action,
            Belief = belief,
            Name = "",
        };
    }

    [Test]
    public void A_graph_gives_what_the_planner_gives()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        using var planner = Planner(mlContext, actions: new BoxSpace([-2, 0], [2, 3]));
        planner.ExportToOnnx(folder["planner.onnx"]);
        var rows = Episode(planner, mlContext, steps: 3);
        var expected = planner.Transform(View(mlContext, rows)).GetColumn<float[]>("Action").ToArray();
        using var session = new InferenceSession(folder["planner.onnx"]);
        var actual = rows.Select(row =>
        {
            using var outputs = session.Run(
            [
                NamedOnnxValue.CreateFromTensor("Observation", new DenseTensor<float>(row.Observation, [Frame])),
                NamedOnnxValue.CreateFromTensor("PreviousAction", new DenseTensor<float>(row.PreviousAction, [2])),
                NamedOnnxValue.CreateFromTensor("PreviousBelief", new DenseTensor<float>(row.Belief, [BeliefSize])),
            ]);
            return outputs.Single(output => output.Name == "Action").AsEnumerable<float>().ToArray();
        });
        AreNear(actual, expected);
    }

    [Test]
    public void A_planner_that_no_graph_can_hold_says_why()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        var rl = mlContext.Reinforcement();
        using var learner = DotLineWorld.Learner(DotLineWorld.Tiny());
        using var shooting = rl.Policies.LatentPlanner(learner.Model, DotLineWorld.Actions, rl.Planning.RandomShooting());
        using var truncating = rl.Policies.LatentPlanner(learner.Model, DotLineWorld.Actions, rl.Planning.CrossEntropy());
        using var particles = rl.Policies.LatentPlanner(learner.Model, DotLineWorld.Actions, options: new() { Particles = 3 });
        Assert.Multiple(() =>
        {
            Assert.That(() => shooting.ExportToOnnx(folder["a.onnx"]), Throws.TypeOf<NotSupportedException>().With.Message.Contains("RandomShooting"));
            Assert.That(() => truncating.ExportToOnnx(folder["a.onnx"]), Throws.TypeOf<NotSupportedException>().With.Message.Contains("ClipsDraws"));
            Assert.That(() => particles.ExportToOnnx(folder["a.onnx"]), Throws.TypeOf<NotSupportedException>().With.Message.Contains("particles"));
        });
    }

    [Test]
    public void An_actor_carries_its_belief_through_an_episode_and_a_saved_one_goes_on()
    {
        using var scope = NewDisposeScope();
        using var planner = Planner(new MLContext(seed: 1));
        using var frames = rand([4, 3, Frame], generator: new Generator(2)) * 255;
        using var actor = planner.NewActor();
        using var resumed = planner.NewActor();
        actor.Begin(3);
        actor.Act(frames[0], null);
        actor.Act(frames[1], null);
        using (var state = StateMemory.Of((ISaved)actor)) state.RestoreTo((ISaved)resumed);
        var third = actor.Act(frames[2], null);
        Assert.That(resumed.Act(frames[2], null).Equals(third), "with the same draws");
        // The rows that go on move up.
        using (var state = StateMemory.Of((ISaved)actor)) state.RestoreTo((ISaved)resumed);
        resumed.Keep(tensor(new long[] { 0, 2 }));
        Assert.That(resumed.Act(frames[3].index_select(0, tensor(new long[] { 0, 2 })), null).shape, Is.EqualTo(new long[] { 2, 1 }));
        // In a new episode nothing of the one before is left.
        actor.Begin(3);
        resumed.Begin(3);
        Assert.That(actor.Act(frames[0], null).Equals(resumed.Act(frames[0], null)));
    }

    [Test]
    public void The_belief_takes_the_action_that_was_taken_with_its_noise()
    {
        using var scope = NewDisposeScope();
        using var planner = Planner(new MLContext(seed: 1));
        var frames = rand([2, 1, Frame], generator: new Generator(2)) * 255;
        using var actor = planner.NewActor();
        actor.Begin(1);
        var taken = actor.Act(frames[0], new Generator(5));
        using var before = StateMemory.Of((ISaved)actor);
        var expected = planner.Model.Update(before.Tensor("belief"), taken, frames[1], new Generator(6));
        actor.Act(frames[1], new Generator(6));
        using var after = StateMemory.Of((ISaved)actor);
        Assert.That(after.Tensor("belief").Equals(expected));
    }

    [Test]
    public void Noise_respects_how_far_an_action_may_go_from_the_one_before()
    {
        using var scope = NewDisposeScope();
        var rl = new MLContext(seed: 1).Reinforcement();
        using var learner = DotLineWorld.Learner(DotLineWorld.Tiny());
        using var planner = rl.Policies.LatentPlanner(
            learner.Model, DotLineWorld.Actions, rl.Planning.RandomShooting(new() { Candidates = 8 }), new() { Horizon = 3, MaxActionChange = [0.05] });
        using var actor = planner.NewActor();
        using var random = new Generator(3);
        actor.Begin(4);
        var actions = Enumerable.Range(0, 6).Select(_ => actor.Act(rand(4, Frame) * 255, random)).ToArray();
        var changes = actions.Zip(actions.Skip(1), (one, next) => (next - one).abs().max().item<float>()).ToArray();
        Assert.That(changes, Is.All.LessThanOrEqualTo(0.05f + 1e-6f).And.Some.GreaterThan(0.049f));
    }

    [Test]
    public void A_model_that_makes_no_belief_is_named_instead_of_the_frame()
    {
        using var scope = NewDisposeScope();
        using var learner = DotLineWorld.Learner(DotLineWorld.Tiny());
        using var planner = new MLContext(seed: 1).Reinforcement().Policies.LatentPlanner(learner.Model, DotLineWorld.Actions);
        ((RecurrentStateSpaceModel)learner.Model).Network.Flat.fill_(1e30);
        Assert.That(() => planner.Act(ones(1, Frame)), Throws.TypeOf<LearningException>().With.Message.Contains("weights"));
    }

    // More rows than are planned at once.
    [Test]
    public void Many_rows_get_what_each_alone_gets()
    {
        using var scope = NewDisposeScope();
        using var planner = Planner(new MLContext(seed: 1));
        var frames = (rand([1, Frame], generator: new Generator(2)) * 255).expand(501, -1).contiguous();
        var actions = planner.Act(frames);
        Assert.That(actions[500].item<float>(), Is.EqualTo(planner.Act(frames.narrow(0, 0, 1)).item<float>()).Within(1e-4));
    }

    [Test]
    public void Neither_updates_nor_actions_keep_tensors()
    {
        using var learner = DotLineWorld.Learner(DotLineWorld.Tiny());
        using var planner = new MLContext(seed: 1).Reinforcement().Policies.LatentPlanner(learner.Model, DotLineWorld.Actions, options: new() { Horizon = 2 });
        using var actor = planner.NewActor();
        using var frames = rand(2, Frame) * 255;
        var episodes = DotLineWorld.Episodes(1);
        actor.Begin(2);
        Work();
        var before = LiveTensors.Settled();
        Work();
        Work();
        Assert.That(torch.Tensor.TotalCount, Is.EqualTo(before));

        void Work()
        {
            learner.Update(episodes);
            actor.Act(frames, null).Dispose();
        }
    }

    [Test]
    public void A_damaged_belief_is_refused()
    {
        using var planner = Planner(new MLContext(seed: 1));
        using var actor = planner.NewActor();
        actor.Begin(1);
        using var state = StateMemory.Of((ISaved)actor);
        state.Replace("belief", zeros(1, BeliefSize + 1));
        Assert.That(() => state.RestoreTo((ISaved)actor), Throws.TypeOf<CheckpointException>().With.Message.Contains("belief"));
    }

    private static LatentPlanningTransformer Planner(MLContext mlContext, BoxSpace? actions = null)
    {
        var rl = mlContext.Reinforcement();
        actions ??= DotLineWorld.Actions;
        var learner = rl.Dynamics.RecurrentStateSpace(DotLineWorld.Tiny()).CreateLearner(DotLineWorld.Frames, actions, seed: 7);
        return rl.Policies.LatentPlanner(learner.Model, actions,
            rl.Planning.CrossEntropy(new()
            {
                Candidates = 12,
                Elites = 4,
                Iterations = 3,
                Smoothing = 0.2,
                InitialVariance = 1,
                LeastVariance = 0,
                ClipsDraws = true
            }),
            new() { Horizon = 3, Discount = 0.9 }, seed: 4);
    }

    // What an engine makes of frames when it is given its own belief and action again.
    private static Seen[] Episode(LatentPlanningTransformer planner, MLContext mlContext, int steps)
    {
        using var engine = mlContext.Model.CreatePredictionEngine<Seen, Planned>(planner, Engine(planner.ActionSpace.Size));
        var random = new MbpoML.Numerics.Random.RandomSource(3);
        var (rows, belief, action) = (new List<Seen>(), new float[BeliefSize], new float[planner.ActionSpace.Size]);
        for (var step = 0; step < steps; step++)
        {
            rows.Add(new Seen
            {
                Observation = [.. Enumerable.Range(0, Frame).Select(_ => (float)random.NextUniform(0, 255))],
                PreviousAction = action,
                Belief = belief,
                Name = $"step {step}",
            });
            var planned = engine.Predict(rows[^1]);
            (belief, action) = ([.. planned.Belief], [.. planned.Action]);
        }

        return [.. rows];
    }

    private static IDataView View(MLContext mlContext, Seen[] rows) =>
        mlContext.Data.LoadFromEnumerable(rows, Definition(rows[0].PreviousAction.Length));

    private static PredictionEngineOptions Engine(int actions) => new() { OwnsTransformer = false, InputSchemaDefinition = Definition(actions) };

    private static SchemaDefinition Definition(int actions)
    {
        var definition = SchemaDefinition.Create(typeof(Seen));
        definition[nameof(Seen.PreviousAction)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, actions);
        return definition;
    }

    private static void AreNear(IEnumerable<float[]> actual, IEnumerable<float[]> expected) =>
        Assert.That(actual.SelectMany(row => row), Is.EqualTo(expected.SelectMany(row => row)).Within(1e-4));

    private sealed class Seen
    {
        [VectorType(Frame)]
        public float[] Observation { get; set; } = [];

        public float[] PreviousAction { get; set; } = [];

        [VectorType(BeliefSize)]
        public float[] Belief { get; set; } = [];

        public string Name { get; set; } = "";
    }

    private sealed class Planned
    {
        public float[] Belief { get; set; } = [];

        public float[] Action { get; set; } = [];
    }
}
