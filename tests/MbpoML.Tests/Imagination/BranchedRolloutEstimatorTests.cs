using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Tests.Fakes;
using Microsoft.ML;

namespace MbpoML.Tests.Imagination;

/// <summary>Stage 2 from the data-view side, over a custom dynamics transformer.</summary>
public class BranchedRolloutEstimatorTests
{
    private readonly MLContext _mlContext = new(1);

    [Test]
    public void What_is_announced_is_what_comes_out()
    {
        var (estimator, starts) = Make(new BranchedRolloutEstimator.Options { Length = 3 });
        var announced = estimator.GetOutputSchema(new SchemaShape([]).With(SchemaShapes.Vector(_mlContext, "Observation")))
            .Select(column => (column.Name, column.ItemType));
        var transformer = estimator.Fit(starts);
        var made = transformer.Transform(starts).Schema;
        Assert.Multiple(() =>
        {
            Assert.That(made.Select(column => (column.Name, column.Type.ItemType())), Is.EquivalentTo(announced));
            Assert.That(transformer.GetOutputSchema(starts.Schema).Select(column => (column.Name, column.Type)),
                Is.EqualTo(made.Select(column => (column.Name, column.Type))));
        });
    }

    [Test]
    public void Rows_belong_to_their_start_and_end_with_the_horizon_or_the_task()
    {
        var options = new BranchedRolloutEstimator.Options { Length = 3, Termination = TerminationFunction.FromRow((_, _, next) => next[0] > 2) };
        var (estimator, starts) = Make(options, noise: 0);
        var rows = _mlContext.Data.CreateEnumerable<Row>(estimator.Fit(starts).Transform(starts), reuseRowObject: false).ToLookup(row => row.EpisodeId);
        Assert.Multiple(() =>
        {
            Assert.That(rows[0].Select(row => row.Observation[0]), Is.EqualTo(new float[] { 0, 0, 0 }), "the policy's action is minus zero times 0.5");
            Assert.That(rows[0].Select(row => row.Truncated), Is.EqualTo(new[] { false, false, true }));
            Assert.That(rows[2].Select(row => row.Terminated), Is.EqualTo(new[] { true }), "3 - 0.3 * 1.5 is beyond 2: dropped after one step");
            Assert.That(rows[2].Single().Truncated, Is.False);
        });
    }

    [Test]
    public void Equal_input_gives_equal_rollouts_and_another_seed_others()
    {
        float[] Rewards(int seed)
        {
            var (estimator, starts) = Make(new BranchedRolloutEstimator.Options { Length = 2, Seed = seed }, noise: 1);
            var transformer = estimator.Fit(starts);
            var first = Observations(transformer.Transform(starts));
            Assert.That(Observations(transformer.Transform(starts)), Is.EqualTo(first));
            return first;
        }

        Assert.That(Rewards(2), Is.Not.EqualTo(Rewards(1)));
    }

    [Test]
    public void A_missing_or_wrong_column_is_refused()
    {
        var (estimator, _) = Make(new BranchedRolloutEstimator.Options());
        var other = new DenseDataView.Builder().AddVector("State", 1, [1, 2]).Build();
        var wide = new DenseDataView.Builder().AddVector("Observation", 2, [1, 2]).Build();
        Assert.Multiple(() =>
        {
            Assert.That(() => estimator.Fit(other),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Could not find input column 'Observation'"));
            Assert.That(() => estimator.Fit(wide), Throws.ArgumentException.With.Message.Contains("2 values a row"));
        });
    }

    [Test]
    public void A_length_below_one_is_refused() =>
        Assert.That(() => Make(new BranchedRolloutEstimator.Options { Length = 0 }),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("Length"));

    private (BranchedRolloutEstimator Estimator, IDataView Starts) Make(BranchedRolloutEstimator.Options options, float noise = 0.5f)
    {
        var rl = _mlContext.Reinforcement();
        var logged = rl.Data.FromTransitions([new Transition { Observation = [0], Action = [0], Reward = 0, NextObservation = [0] }]);
        var dynamics = new ExactDynamicsEstimator(_mlContext).Fit(logged);
        var starts = new DenseDataView.Builder().AddVector("Observation", 1, [0, 1, 3]).Build();
        return (rl.Rollouts.Branched(dynamics, new NoisyPolicy(1, 1, gain: -0.5f, noise), options), starts);
    }

    private float[] Observations(IDataView view) =>
        [.. _mlContext.Data.CreateEnumerable<Row>(view, reuseRowObject: false).Select(row => row.NextObservation[0])];

    private sealed class Row
    {
        public float[] Observation { get; set; } = [];

        public float[] NextObservation { get; set; } = [];

        public bool Terminated { get; set; }

        public bool Truncated { get; set; }

        public int EpisodeId { get; set; }
    }
}
