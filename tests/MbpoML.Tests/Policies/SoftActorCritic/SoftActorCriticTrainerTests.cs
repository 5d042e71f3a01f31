using MbpoML.Catalog;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.SoftActorCritic;

public class SoftActorCriticTrainerTests
{
    private static readonly float[] Probes = [-1f, -0.5f, 0f, 0.5f, 1f];

    [TestCase(Acceleration.Auto, 1)]
    [TestCase(Acceleration.Auto, 2)]
    public void Learns_the_best_action_of_a_one_step_task(Acceleration acceleration, int seed)
    {
        // Reward -(a - 0.3 o)² with actions in [-2, 2]: a policy that always says 0 is wrong by 0.18 on average, a random one by more than 1.
        var options = new SoftActorCriticTrainer.Options
        {
            HiddenSizes = [32, 32],
            LearningRate = 2e-3,
            BatchSize = 64,
            Updates = 4000,
            TargetEntropy = -4,
            Seed = seed,
            ActionSpace = BoxSpace.Uniform(1, -2, 2),
            Acceleration = acceleration,
        };
        using var policy = Catalog().SoftActorCritic(options).Fit(Transitions(2000, bound: 2));
        Assert.That(MeanError(policy), Is.LessThan(0.05));
    }

    [Test]
    public void Equal_seeds_fit_equal_policies()
    {
        var data = Transitions(100, bound: 1);
        var options = new SoftActorCriticTrainer.Options { HiddenSizes = [8], BatchSize = 16, Updates = 20, Seed = 5 };
        using var first = Catalog().SoftActorCritic(options).Fit(data);
        using var second = Catalog().SoftActorCritic(options).Fit(data);
        Assert.That(Actions(second), Is.EqualTo(Actions(first)));
    }

    [Test]
    public void Options_are_read_once()
    {
        var options = new SoftActorCriticTrainer.Options { HiddenSizes = [8], BatchSize = 16, Updates = 1, Seed = 5 };
        var trainer = Catalog().SoftActorCritic(options);
        using var before = trainer.Fit(Transitions(50, bound: 1));
        (options.HiddenSizes, options.Updates, options.Seed) = ([4], 30, 6);
        using var after = trainer.Fit(Transitions(50, bound: 1));
        Assert.That(Actions(after), Is.EqualTo(Actions(before)));
    }

    [Test]
    public void Action_outside_the_space_is_named()
    {
        var trainer = Catalog().SoftActorCritic(updates: 1);
        Assert.That(
            () => trainer.Fit(Transitions(50, bound: 2, firstAction: 1.5f)),
            Throws.ArgumentException.With.Message.Contains("Row 0").And.Message.Contains("1.5").And.Message.Contains("Options.ActionSpace"));
    }

    [Test]
    public void Action_space_of_another_size_is_refused()
    {
        var trainer = Catalog().SoftActorCritic(BoxSpace.Uniform(3, -1, 1), updates: 1);
        Assert.That(() => trainer.Fit(Transitions(50, bound: 1)), Throws.ArgumentException.With.Message.Contains("3 dimensions"));
        Assert.That(() => trainer.CreateLearner(new TransitionLayout(2, 2), BoxSpace.Uniform(3, -1, 1), 1),
            Throws.ArgumentException.With.Message.Contains("3 dimensions"));
    }

    [Test]
    public void Output_schema_holds_the_action_as_a_vector_of_float()
    {
        var trainer = Catalog().SoftActorCritic(new SoftActorCriticTrainer.Options { OutputColumnName = "Chosen" });
        var shape = trainer.GetOutputSchema(ShapeOf<Row>());
        var column = shape.Single(column => column.Name == "Chosen");
        Assert.Multiple(() =>
        {
            Assert.That(column.Kind, Is.EqualTo(SchemaShape.Column.VectorKind.Vector));
            Assert.That(column.ItemType, Is.EqualTo(NumberDataViewType.Single));
            Assert.That(shape.Count(column => column.Name == "Observation"), Is.EqualTo(1));
        });
    }

    [Test]
    public void Missing_column_is_named_before_training()
    {
        Assert.That(() => Catalog().SoftActorCritic().GetOutputSchema(ShapeOf<RewardOnly>()),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("'Observation'"));
    }

    [Test]
    public void Bad_options_are_named()
    {
        void Refused(Action<SoftActorCriticTrainer.Options> spoil, string name)
        {
            var options = new SoftActorCriticTrainer.Options();
            spoil(options);
            Assert.That(() => Catalog().SoftActorCritic(options), Throws.InstanceOf<ArgumentException>().With.Message.Contains(name));
        }
        Assert.Multiple(() =>
        {
            Refused(options => options.HiddenSizes = [], "HiddenSizes");
            Refused(options => options.LearningRate = 0, "LearningRate");
            Refused(options => options.Discount = 1.1, "Discount");
            Refused(options => options.TargetSmoothing = 0, "TargetSmoothing");
            Refused(options => options.TargetEntropy = double.NaN, "TargetEntropy");
            Refused(options => options.EntropyCoefficient = -1, "EntropyCoefficient");
            Refused(options => options.BatchSize = 0, "BatchSize");
            Refused(options => options.Updates = 0, "Updates");
            Refused(options => options.Workers = 3, "Workers");
            Refused(options => options.Device = "abacus", "abacus");
            Refused(options => options.ActionSpace = BoxSpace.Unbounded(1), "ActionSpace");
        });
    }

    private static PolicyCatalog Catalog() => new(SacSamples.Context());

    private static IDataView Transitions(int count, float bound, float? firstAction = null)
    {
        var random = new RandomSource(9);
        var rows = Enumerable.Range(0, count).Select(index =>
        {
            var observation = (float)random.NextUniform(-1, 1);
            var action = index == 0 && firstAction is { } first ? first : (float)random.NextUniform(-bound, bound);
            var miss = action - (0.3f * observation);
            return new Row { Observation = [observation], Action = [action], Reward = -miss * miss, NextObservation = [0], Terminated = true };
        });
        return new MLContext(1).Data.LoadFromEnumerable(rows.ToArray());
    }

    // The public way to the shape of a view: that of a mapping which makes its columns.
    private static SchemaShape ShapeOf<T>()
        where T : class, new() => new MLContext(1).Transforms.CustomMapping<Nothing, T>((_, _) => { }, null).GetOutputSchema(new SchemaShape([]));

    private static float[] Actions(PolicyTransformer policy)
    {
        using var observation = tensor(Probes).unsqueeze(1);
        using var actions = policy.Act(observation);
        return SacSamples.Floats(actions);
    }

    private static double MeanError(PolicyTransformer policy) =>
        Actions(policy).Zip(Probes, (action, observation) => Math.Abs(action - (0.3 * observation))).Average();

    private sealed class Nothing;

    private sealed class RewardOnly
    {
        public float Reward { get; set; }
    }

    private sealed class Row
    {
        [VectorType(1)]
        public float[] Observation { get; set; } = [];

        [VectorType(1)]
        public float[] Action { get; set; } = [];

        public float Reward { get; set; }

        [VectorType(1)]
        public float[] NextObservation { get; set; } = [];

        public bool Terminated { get; set; }
    }
}
