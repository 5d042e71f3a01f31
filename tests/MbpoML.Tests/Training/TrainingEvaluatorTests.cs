using MbpoML.Acting;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Evaluation;
using MbpoML.Numerics.Random;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Watches;
using Microsoft.Extensions.Logging.Abstractions;
using LineEnvironment = MbpoML.Tests.Fakes.LineEnvironment;

namespace MbpoML.Tests.Training;

/// <summary>Where and when a training run evaluates, and that no training episode is cut or changed by it.</summary>
public class TrainingEvaluatorTests
{
    private const int Episodes = 3;

    [Test]
    public void A_training_environment_without_state_is_used_only_between_episodes()
    {
        using var line = new LineEnvironment();
        using var house = new House(line, null);
        Assert.That(house.Evaluator.IsPossible, Is.True);
        house.Interaction.StepWithPolicy();
        Assert.That(house.Evaluator.IsPossible, Is.False);
        for (var step = 1; step < LineEnvironment.EpisodeLength; step++) house.Interaction.StepWithPolicy();
        Assert.That(house.Evaluator.IsPossible, Is.True);
    }

    [Test]
    public void An_environment_that_lends_its_state_goes_on_with_its_episode_as_if_nothing_had_been()
    {
        var disturbed = Transitions(evaluates: true);
        Assert.That(disturbed, Is.EqualTo(Transitions(evaluates: false)));

        static float[] Transitions(bool evaluates)
        {
            using var pendulum = new PendulumEnvironment();
            using var house = new House(pendulum, null);
            for (var step = 0; step < 40; step++)
            {
                if (evaluates && step == 17) Assert.That(house.Evaluator.Evaluate(house.Policy, 0)!.Episodes, Has.Count.EqualTo(Episodes));
                house.Interaction.StepWithPolicy();
            }
            using var rows = house.Pool.ToRows();
            return rows.data<float>().ToArray();
        }
    }

    [Test]
    public void A_separate_environment_leaves_the_training_one_alone()
    {
        using var training = new LineEnvironment();
        using var separate = new LineEnvironment();
        using var house = new House(training, separate);
        house.Interaction.StepWithPolicy();
        Assert.That(house.Evaluator.IsPossible, Is.True);
        house.Evaluator.Evaluate(house.Policy, 0);
        Assert.That((training.Steps, training.Seeds.Count, separate.Seeds.Count), Is.EqualTo((1, 1, Episodes)));
    }

    [Test]
    public void Starts_follow_from_seed_and_epoch_alone()
    {
        var first = Starts(seed: 1, epoch: 4, gain: -1);
        Assert.Multiple(() =>
        {
            Assert.That(Starts(seed: 1, epoch: 4, gain: 0.5f), Is.EqualTo(first), "another policy");
            Assert.That(Starts(seed: 1, epoch: 5, gain: -1), Is.Not.EqualTo(first), "another epoch");
            Assert.That(Starts(seed: 2, epoch: 4, gain: -1), Is.Not.EqualTo(first), "another run");
        });

        static double[] Starts(int seed, int epoch, float gain)
        {
            using var line = new LineEnvironment();
            using var separate = new LineEnvironment();
            using var house = new House(line, separate, seed: seed);
            return [.. house.Evaluator.Evaluate(new NoisyPolicy(1, 1, gain, 0), epoch)!.Episodes.Select(episode => episode.Start[0])];
        }
    }

    [Test]
    public void It_is_the_evaluation_that_a_user_makes()
    {
        using var line = new LineEnvironment();
        using var separate = new LineEnvironment();
        using var house = new House(line, separate, seed: 6);
        var inTraining = house.Evaluator.Evaluate(house.Policy, epoch: 2)!;
        var alone = PolicyEvaluator.Evaluate(house.Policy, separate, Episodes, Seeds.Derive(6, "evaluation", 2));
        Assert.That(inTraining.Episodes.Select(episode => episode.Rewards), Is.EqualTo(alone.Episodes.Select(episode => episode.Rewards)));
    }

    [Test]
    public void A_failure_during_evaluation_drops_the_evaluation_and_counts()
    {
        using var line = new LineEnvironment();
        using var broken = new FaultyEnvironment(Fault.StepThrows, call => call == 5);
        using var house = new House(line, broken, FailedEpisodes.Drop);
        Assert.That(house.Evaluator.Evaluate(house.Policy, 0), Is.Null);
        Assert.That(house.Interaction.Failures.Count, Is.EqualTo(1));
        Assert.That(house.Evaluator.Evaluate(house.Policy, 1)!.Episodes, Has.Count.EqualTo(Episodes), "the next one is whole");
    }

    [Test]
    public void A_failure_in_the_training_environment_ends_its_episode()
    {
        using var broken = new FaultyEnvironment(Fault.StepThrows, call => call == 5);
        using var house = new House(broken, null, FailedEpisodes.Drop);
        Assert.That(house.Evaluator.Evaluate(house.Policy, 0), Is.Null);
        Assert.That(house.Interaction.BetweenEpisodes, Is.True);
        Assert.That(() => house.Interaction.StepWithPolicy(), Throws.Nothing);
    }

    [Test]
    public void A_failure_stops_the_run_where_failed_episodes_are_not_dropped()
    {
        using var line = new LineEnvironment();
        using var broken = new FaultyEnvironment(Fault.RewardIsNaN, call => call == 5);
        using var house = new House(line, broken);
        Assert.That(() => house.Evaluator.Evaluate(house.Policy, 0), Throws.InstanceOf<EnvironmentException>());
    }

    private sealed class House : IDisposable
    {
        private readonly RunEnvironments _environments;

        public House(IEnvironment training, IEnvironment? evaluation, FailedEpisodes failed = FailedEpisodes.Stop, int seed = 1)
        {
            var settings = new HostSettings
            {
                Steps = 100,
                EpochLength = 10,
                EvaluationEpisodes = Episodes,
                EvaluationEnvironment = evaluation,
                FailedEpisodes = failed
            };
            Policy = new NoisyPolicy(training.ObservationSpace.Size, 1, -1, 0.1f);
            Pool = new ReplayPool(new TransitionLayout(training.ObservationSpace.Size, 1), 100);
            _environments = new RunEnvironments(training, settings);
            Interaction = new Interaction(
                [_environments.Training], Pool, Policy, settings, new RunCounters(), seed, new EpisodeFailures(settings, NullLogger.Instance));
            Evaluator = new TrainingEvaluator(_environments, settings, Interaction, seed);
        }

        public IPolicy Policy { get; }

        public ReplayPool Pool { get; }

        public Interaction Interaction { get; }

        public TrainingEvaluator Evaluator { get; }

        public void Dispose()
        {
            Interaction.Dispose();
            _environments.Dispose();
            Pool.Dispose();
        }
    }
}
