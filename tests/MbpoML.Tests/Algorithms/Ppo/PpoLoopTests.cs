using MbpoML.Algorithms.Ppo;
using MbpoML.Policies;
using MbpoML.Policies.Proximal;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using MbpoML.Training.Watches;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Algorithms.Ppo;

/// <summary>What PPO learns from, and when.</summary>
public class PpoLoopTests
{
    private const int Episode = 10;

    [Test]
    public void Each_update_is_made_from_exactly_the_steps_since_the_one_before()
    {
        using var point = new PointEnvironment { Length = Episode };
        var policy = new RecordingEpisodeEstimator();
        Train(point, steps: 46, options => (options.StepsPerUpdate, options.InitialExplorationSteps) = (15, 4), policy).Policy.Dispose();
        var numbers = policy.Updates.Select(update => update.Select(row => row.Episode).CountBy(episode => episode).Select(count => count.Value));
        // Steps 4 to 18, 19 to 33 and 34 to 45; the last three steps wait for an update that does not come.
        Assert.That(numbers, Is.EqualTo(new[] { new[] { 6, 9 }, [1, 10, 4] }));
        Assert.That(policy.Updates[1].Count(row => row.Observation == 1), Is.EqualTo(2), "two episodes begin in it");
    }

    [Test]
    public void Rows_of_an_episode_that_the_environment_broke_off_are_not_joined_to_the_next()
    {
        using var point = new PointEnvironment
        {
            Length = 20,
            OnStep = step => { if (step == 7) throw new InvalidOperationException("broken"); },
        };
        var policy = new RecordingEpisodeEstimator();
        Train(point, steps: 12, options => (options.StepsPerUpdate, options.FailedEpisodes) = (12, FailedEpisodes.Drop), policy).Policy.Dispose();
        Assert.That(policy.Updates.Single().Select(row => row.Episode), Is.EqualTo(new[] { 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1 }));
    }

    // Their rows stand in turn in the pool: each counted as an episode of its own.
    [Test]
    public void Episodes_of_environments_that_step_at_once_are_whole()
    {
        using var point = new PointEnvironment { Length = Episode };
        using var other = new PointEnvironment { Length = Episode };
        var policy = new RecordingEpisodeEstimator();
        Train(
            point, steps: 40, options => (options.StepsPerUpdate, options.EnvironmentsAtOnce, options.MoreEnvironments) = (20, 2, [other]),
            policy).Policy.Dispose();
        var lengths = policy.Updates.Select(update => update.CountBy(row => row.Episode).Select(count => count.Value));
        Assert.That(lengths, Is.EqualTo(new[] { new[] { 10, 10 }, [10, 10] }));
        foreach (var episode in policy.Updates.SelectMany(update => update.Chunk(10)))
            Assert.That(episode.Select(row => row.Observation == 1), Is.EqualTo(Enumerable.Range(0, 10).Select(row => row == 0)), "each begins at 1");
    }

    [TestCase(3)]
    [TestCase(15)]
    [TestCase(16)]
    [TestCase(34)]
    public void A_run_that_is_stopped_anywhere_goes_on_exactly(int stopAt)
    {
        using var folder = new TemporaryFolder();
        using var whole = new PointEnvironment { Length = Episode };
        var expected = Metrics(Train(whole, steps: 50));
        using var stop = new CancellationTokenSource();
        using var before = new PointEnvironment { Length = Episode, OnStep = step => { if (step == stopAt) stop.Cancel(); } };
        Assert.That(() => Train(before, steps: 50, options => options.CancellationToken = stop.Token, folder: folder["run"]),
            Throws.TypeOf<TrainingCanceledException>());
        using var after = new PointEnvironment { Length = Episode };
        Assert.That(Metrics(Train(after, steps: 50, folder: folder["run"])), Is.EqualTo(expected));
        Assert.That(before.Actions.Concat(after.Actions), Is.EqualTo(whole.Actions));
    }

    [Test]
    public void A_checkpoint_shows_policy_and_transitions_and_no_model()
    {
        using var folder = new TemporaryFolder();
        using var point = new PointEnvironment { Length = Episode };
        using var policy = Train(point, steps: 30, folder: folder["run"]).Policy;
        using var snapshot = Trainer(point, steps: 30, folder: folder["run"]).Open(folder["run"]);
        using var scope = NewDisposeScope();
        var starts = tensor(new[] { 1f, 0, -1, 0.5f }, 2, 2);
        Assert.Multiple(() =>
        {
            Assert.That(snapshot.Policy.Act(starts).data<float>().ToArray(), Is.EqualTo(policy.Act(starts).data<float>().ToArray()));
            Assert.That(snapshot.Transitions.GetRowCount(), Is.EqualTo(30));
            Assert.That((snapshot.HasDynamics, snapshot.FittedTransitions, snapshot.FittedStep), Is.EqualTo((false, 0L, 0)));
            Assert.That(() => snapshot.Dynamics, Throws.InvalidOperationException.With.Message.Contains("learns no model of observations"));
            using var further = snapshot.OptimizeFurther([1])[0];
            Assert.That(further.Act(starts).data<float>().ToArray(), Is.Not.EqualTo(policy.Act(starts).data<float>().ToArray()));
        });
    }

    [Test]
    public void A_learner_of_minibatches_is_refused()
    {
        using var point = new PointEnvironment();
        var rl = new MLContext(seed: 1).Reinforcement();
        var trainer = rl.Ppo(point, new PpoTrainer.Options { Steps = 10 }, rl.Policies.SoftActorCritic());
        Assert.That(() => trainer.Fit(), Throws.InvalidOperationException.With.Message.Contains("rl.Policies.Proximal"));
    }

    // Doing nothing earns about 10 of 20, random actions less.
    [Test]
    public void The_point_is_brought_to_zero_without_a_model()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var line = new LineEnvironment();
        var options = new PpoTrainer.Options { Steps = 8000, EpochLength = 8000, StepsPerUpdate = 400, EvaluationEpisodes = 0, Seed = 1 };
        using var policy = rl.Ppo(line, options, rl.Policies.Proximal(new() { LearningRate = 3e-3, Discount = 0.95 })).Fit();
        Assert.That(rl.Evaluate(policy, line, episodes: 10, seed: 3).MeanReturn, Is.GreaterThan(16.5));
    }

    [Test]
    public void The_trust_region_learns_without_a_model_too()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var line = new LineEnvironment();
        var options = new PpoTrainer.Options { Steps = 12_000, EpochLength = 12_000, StepsPerUpdate = 400, EvaluationEpisodes = 0, Seed = 1 };
        using var policy = rl.Ppo(line, options, rl.Policies.TrustRegion(new() { DivergenceBound = 0.05, Discount = 0.95, Lambda = 0.95 })).Fit();
        Assert.That(rl.Evaluate(policy, line, episodes: 10, seed: 3).MeanReturn, Is.GreaterThan(16));
    }

    private static string[] Metrics(TrainingReport report)
    {
        report.Policy.Dispose();
        return [
            .. report.History.SelectMany(epoch => epoch.Values.Where(metric => !metric.Key.StartsWith("time/", StringComparison.Ordinal))
                .Select(metric => $"{epoch.Step} {metric.Key} {metric.Value:R}"))];
    }

    private static PpoTrainer Trainer(
        PointEnvironment point, int steps, Action<PpoTrainer.Options>? change = null, IPolicyEstimator? policy = null, string? folder = null)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        var options = new PpoTrainer.Options { Steps = steps, EpochLength = Episode, StepsPerUpdate = 16, EvaluationEpisodes = 0, Seed = 4 };
        change?.Invoke(options);
        if (folder is not null) options.Checkpoints = new Checkpointing { Folder = folder, Every = null };
        return rl.Ppo(point, options, policy ?? rl.Policies.Proximal(new ProximalTrainer.Options { HiddenSizes = [8], BatchSize = 8, Epochs = 3 }));
    }

    private static TrainingReport Train(
        PointEnvironment point, int steps, Action<PpoTrainer.Options>? change = null, IPolicyEstimator? policy = null, string? folder = null)
    {
        var trainer = Trainer(point, steps, change, policy, folder);
        return folder is not null && Checkpointing.Exists(folder) ? trainer.Resume(folder) : trainer.Train();
    }
}
