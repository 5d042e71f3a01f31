using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Tests.Fakes;
using Microsoft.ML;

namespace MbpoML.Tests.Imagination;

/// <summary>Whole imagined episodes from the data-view side, over a custom dynamics transformer.</summary>
public class EpisodeRolloutTests
{
    private readonly MLContext _mlContext = new(1);

    [Test]
    public void What_is_announced_is_what_comes_out()
    {
        var estimator = Make(new() { Length = 3 });
        var announced = estimator.GetOutputSchema(new SchemaShape([]).With(SchemaShapes.Vector(_mlContext, "Observation")))
            .Select(column => (column.Name, column.ItemType));
        var transformer = estimator.Fit(Logged());
        var made = transformer.Transform(Logged()).Schema;
        Assert.That(made.Select(column => (column.Name, column.Type.ItemType())), Is.EquivalentTo(announced));
        Assert.That(transformer.GetOutputSchema(Logged().Schema).Select(column => (column.Name, column.Type)),
            Is.EqualTo(made.Select(column => (column.Name, column.Type))));
    }

    [Test]
    public void One_episode_begins_where_each_of_the_input_began_and_its_rows_stand_together()
    {
        var rows = Rows(new() { Length = 4 });
        Assert.Multiple(() =>
        {
            Assert.That(rows.Select(row => row.EpisodeId), Is.EqualTo(new[] { 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2 }));
            Assert.That(rows.Where((_, row) => row % 4 == 0).Select(row => row.Observation[0]), Is.EqualTo(new float[] { 0.5f, 1, -1 }));
            for (var row = 1; row < rows.Length; row++)
                if (rows[row].EpisodeId == rows[row - 1].EpisodeId) Assert.That(rows[row].Observation, Is.EqualTo(rows[row - 1].NextObservation));
            Assert.That(rows.Where(row => row.Truncated).Select(row => row.EpisodeId), Is.EqualTo(new[] { 0, 1, 2 }), "each is cut at its end");
        });
    }

    [Test]
    public void The_task_may_end_before_and_the_known_reward_counts()
    {
        var rows = Rows(new()
        {
            Length = 5,
            Termination = TerminationFunction.FromRow((_, _, next) => Math.Abs(next[0]) < 0.6),
            Reward = RewardFunction.FromTensors((_, _, next) => next.select(1, 0) * 2),
        });
        Assert.That(rows.Select(row => row.Reward), Is.EqualTo(rows.Select(row => row.NextObservation[0] * 2)));
        Assert.That(rows.Where(row => row.Terminated).Select(row => (row.EpisodeId, row.Truncated)),
            Is.EqualTo(new[] { (0, false), (1, false), (2, false) }));
        Assert.That(rows.Count(row => row.EpisodeId == 0), Is.EqualTo(1));
        Assert.That(rows.Count(row => row.EpisodeId == 1), Is.EqualTo(4), "1, 0.85, 0.72, 0.61, 0.52");
    }

    [Test]
    public void Episodes_may_begin_at_any_state_or_where_the_environment_begins_them()
    {
        var anywhere = Rows(new() { Length = 1, Starts = StartStates.Transitions, Episodes = 60 });
        using var environment = new LineEnvironment();
        var resets = Rows(new() { Length = 1, Starts = StartStates.Resets, Environment = environment, Episodes = 60 });
        Assert.Multiple(() =>
        {
            Assert.That(anywhere.Select(row => row.Observation[0]).Distinct(), Is.EquivalentTo(new[] { 0.5f, 0.6f, 1, -1, -0.9f }));
            Assert.That(resets, Has.Length.EqualTo(60));
            Assert.That(resets.Select(row => row.Observation[0]).Distinct().Count(), Is.EqualTo(60));
            Assert.That(environment.Steps, Is.Zero, "no step is made");
        });
    }

    [Test]
    public void Equal_input_gives_equal_episodes_and_another_seed_others()
    {
        float[] States(int seed) => [.. Rows(new() { Length = 3, Seed = seed, Episodes = 10 }, noise: 1).Select(row => row.NextObservation[0])];
        var first = States(1);
        Assert.That(States(1), Is.EqualTo(first));
        Assert.That(States(2), Is.Not.EqualTo(first));
    }

    private EpisodeRolloutEstimator Make(EpisodeRolloutEstimator.Options options, float noise = 0)
    {
        var dynamics = new ExactDynamicsEstimator(_mlContext).Fit(Logged());
        return _mlContext.Reinforcement().Rollouts.Episodes(dynamics, new NoisyPolicy(1, 1, gain: -0.5f, noise), options);
    }

    private Row[] Rows(EpisodeRolloutEstimator.Options options, float noise = 0) =>
        [.. _mlContext.Data.CreateEnumerable<Row>(Make(options, noise).Fit(Logged()).Transform(Logged()), reuseRowObject: false)];

    // Three episodes: of two steps, of one that terminates, and of two.
    private DenseDataView Logged() => _mlContext.Reinforcement().Data.FromTransitions([
        Step(0.5f, 0.6f), Step(0.6f, 0.7f, truncated: true), Step(1, 1.1f, terminated: true), Step(-1, -0.9f), Step(-0.9f, -0.8f),
    ]);

    private static Transition Step(float from, float to, bool terminated = false, bool truncated = false) =>
        new() { Observation = [from], Action = [0], Reward = 0, NextObservation = [to], Terminated = terminated, Truncated = truncated };

    private sealed class Row
    {
        public float[] Observation { get; set; } = [];

        public float[] NextObservation { get; set; } = [];

        public float Reward { get; set; }

        public bool Terminated { get; set; }

        public bool Truncated { get; set; }

        public int EpisodeId { get; set; }
    }
}
