using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.PlaNet;
using MbpoML.Algorithms.PlaNet.Presets;
using MbpoML.Data;
using MbpoML.Dynamics.Latent;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Planning;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using MbpoML.Training.Watches;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Algorithms.PlaNet;

/// <summary>What PlaNet does, and when.</summary>
public class PlaNetLoopTests
{
    private const int Episode = 6;

    [Test]
    public void The_model_is_fitted_before_each_episode_to_all_episodes_so_far()
    {
        using var dot = new DotLineEnvironment { Length = Episode };
        var counted = new CountingDynamics();
        Train(dot, steps: 29, dynamics: counted).Policy.Dispose();
        // Two episodes at random, then three updates before each: of 14 frames, of 21, and of 28.
        Assert.That(counted.Frames, Is.EqualTo(new[] { 14, 14, 14, 21, 21, 21, 28, 28, 28 }));
    }

    [Test]
    public void Or_after_so_many_steps()
    {
        using var dot = new DotLineEnvironment { Length = Episode };
        var counted = new CountingDynamics();
        Train(dot, steps: 20, options => (options.ModelTrainingInterval, options.UpdatesPerFit) = (3, 1), counted).Policy.Dispose();
        Assert.That(counted.Frames, Is.EqualTo(new[] { 14, 18, 21 }));
    }

    [Test]
    public void Training_actions_have_noise_and_those_of_evaluations_none()
    {
        using var noisy = new DotLineEnvironment { Length = Episode };
        using var quiet = new DotLineEnvironment { Length = Episode };
        Train(noisy, steps: 18, options => options.ActionNoise = 5).Policy.Dispose();
        Train(quiet, steps: 18, options => options.ActionNoise = 0).Policy.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(noisy.Actions.Take(12), Is.EqualTo(quiet.Actions.Take(12)), "the random ones are the same");
            Assert.That(noisy.Actions[12..18].Count(action => Math.Abs(action) == 1), Is.GreaterThanOrEqualTo(3), "noise of five ranges ends at the bounds");
            Assert.That(noisy.Actions[18..].Select(Math.Abs), Is.Not.Empty.And.None.EqualTo(1).Within(1e-6), "the evaluation");
            Assert.That(quiet.Actions.Skip(12).Select(Math.Abs), Has.None.EqualTo(1).Within(1e-6));
        });
    }

    [TestCase(3)]
    [TestCase(12)]
    [TestCase(13)]
    [TestCase(20)]
    [TestCase(24)]
    public void A_run_that_is_stopped_anywhere_goes_on_exactly(int stopAt)
    {
        using var folder = new TemporaryFolder();
        using var whole = new DotLineEnvironment { Length = Episode };
        // The steps of an evaluation that was stopped would be made twice.
        void Quiet(PlaNetTrainer.Options options) => options.EvaluationEpisodes = 0;
        var expected = Metrics(Train(whole, steps: 27, Quiet));
        using var stop = new CancellationTokenSource();
        using var before = new DotLineEnvironment { Length = Episode, OnStep = step => { if (step == stopAt) stop.Cancel(); } };
        Assert.That(() => Train(before, steps: 27, options => (options.EvaluationEpisodes, options.CancellationToken) = (0, stop.Token), folder: folder["run"]),
            Throws.TypeOf<TrainingCanceledException>());
        using var after = new DotLineEnvironment { Length = Episode };
        Assert.That(Metrics(Train(after, steps: 27, Quiet, folder: folder["run"])), Is.EqualTo(expected));
        Assert.That(before.Actions.Concat(after.Actions), Is.EqualTo(whole.Actions));
    }

    [Test]
    public void A_run_that_is_stopped_between_two_updates_goes_on_exactly()
    {
        using var folder = new TemporaryFolder();
        using var whole = new DotLineEnvironment { Length = Episode };
        var expected = Metrics(Train(whole, steps: 20));
        using var stop = new CancellationTokenSource();
        var counted = new CountingDynamics { OnUpdate = update => { if (update == 5) stop.Cancel(); } };
        using var before = new DotLineEnvironment { Length = Episode };
        Assert.That(() => Train(before, steps: 20, options => options.CancellationToken = stop.Token, counted, folder["run"]),
            Throws.TypeOf<TrainingCanceledException>());
        using var after = new DotLineEnvironment { Length = Episode };
        var resumed = new CountingDynamics();
        Assert.That(Metrics(Train(after, steps: 20, dynamics: resumed, folder: folder["run"])), Is.EqualTo(expected));
        Assert.That(resumed.Frames, Has.Count.EqualTo(1), "one of six updates was left");
    }

    [Test]
    public void A_frame_that_is_none_is_a_fault_of_the_environment_and_no_step()
    {
        using var dot = new DotLineEnvironment { Length = Episode, BrokenFrame = 15 };
        var report = Train(dot, steps: 20, options => (options.EvaluationEpisodes, options.FailedEpisodes) = (0, FailedEpisodes.Drop));
        report.Policy.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(dot.Actions, Has.Count.EqualTo(21), "the step that gave no picture does not count");
            Assert.That(report.History[^1].Values[MetricNames.TrainingFailedEpisodes], Is.EqualTo(1));
        });
    }

    [Test]
    public void A_run_that_stopped_at_such_a_frame_goes_on_with_a_new_episode()
    {
        using var folder = new TemporaryFolder();
        using var broken = new DotLineEnvironment { Length = Episode, BrokenFrame = 15 };
        void Quiet(PlaNetTrainer.Options options) => options.EvaluationEpisodes = 0;
        Assert.That(() => Train(broken, steps: 26, Quiet, folder: folder["run"]),
            Throws.TypeOf<TrainingFailedException>().With.InnerException.TypeOf<EnvironmentException>().And.InnerException.Message.Contains("no picture"));
        using var mended = new DotLineEnvironment { Length = Episode };
        var counted = new CountingDynamics();
        Train(mended, steps: 26, Quiet, counted, folder["run"]).Policy.Dispose();
        // Two whole episodes, three frames of the one that broke, and seven of the one after it.
        Assert.That((broken.Actions.Count + mended.Actions.Count, counted.Frames[^1]), Is.EqualTo((27, 24)));
    }

    [Test]
    public void What_comes_out_plans_with_the_model_as_it_was_and_so_does_a_checkpoint()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var dot = new DotLineEnvironment { Length = Episode };
        using var policy = Train(dot, steps: 20, folder: folder["run"]).Policy;
        using var snapshot = Trainer(dot, steps: 20, folder: folder["run"]).Open(folder["run"]);
        using var planner = LatentPlanningTransformer.Of(policy);
        var frames = rand(2, 256) * 255;
        Assert.Multiple(() =>
        {
            Assert.That(policy.IsNetwork, Is.False);
            Assert.That(snapshot.Policy.Act(frames).Equals(policy.Act(frames)));
            Assert.That(planner.Act(frames).Equals(policy.Act(frames)));
            Assert.That(snapshot.HasDynamics, Is.False, "what is imagined are no observations");
            Assert.That(() => snapshot.Dynamics, Throws.InvalidOperationException.With.Message.Contains("beliefs"));
            Assert.That(() => snapshot.OptimizeFurther([1]), Throws.InvalidOperationException.With.Message.Contains("planned"));
        });
    }

    [Test]
    public void Planned_episodes_stand_as_evaluations_where_none_are_asked_for()
    {
        using var dot = new DotLineEnvironment { Length = Episode };
        var report = Train(dot, steps: 24, options => options.EvaluationEpisodes = 0);
        report.Policy.Dispose();
        Assert.That(dot.Actions, Has.Count.EqualTo(24));
        Assert.That(report.History[^1].Values[MetricNames.EvaluationReturnMean], Is.EqualTo(report.History[^1].Values[MetricNames.TrainingReturnMean]));
    }

    [Test]
    public void The_metrics_of_the_model_are_reported()
    {
        using var dot = new DotLineEnvironment { Length = Episode };
        var report = Train(dot, steps: 24);
        report.Policy.Dispose();
        var last = report.History[^1].Values;
        Assert.That(new[] { "model/loss", "model/frame-loss", "model/reward-loss", "model/divergence" }.Select(name => last[name]), Is.All.Positive);
        Assert.That(last["model/updates"], Is.EqualTo(6));
    }

    [Test]
    public void Presets_know_the_size_of_the_frames()
    {
        using var dot = new DotLineEnvironment();
        var preset = PlaNetPresets.For(dot);
        Assert.Multiple(() =>
        {
            Assert.That(preset.Dynamics.DeterministicSize, Is.EqualTo(64), "small");
            Assert.That(preset.Dynamics.ChunkLength, Is.EqualTo(26), "an episode has no more frames");
            Assert.That((preset.Trainer.EpochLength, preset.Trainer.Steps), Is.EqualTo((25, 2500)));
            Assert.That(PlaNetPresets.Official().CrossEntropy.Candidates, Is.EqualTo(1000));
            Assert.That(preset.Trainer.WithSeedSteps(25).InitialExplorationSteps, Is.EqualTo(125));
        });
    }

    [Test]
    public void A_preset_of_states_gives_one_of_frames()
    {
        var states = MbpoPresets.CartPoleSwingUp();
        states.Trainer.Reward = RewardFunction.FromTensors((_, _, next) => next.select(1, 0));
        states.Trainer.MaxEpisodeSteps = 20;
        var preset = states.PlaNet(new FrameShape(3, 64, 64));
        Assert.Multiple(() =>
        {
            Assert.That(preset.Dynamics.DeterministicSize, Is.EqualTo(200), "the paper's");
            Assert.That(preset.Dynamics.ChunkLength, Is.EqualTo(21), "an episode has no more frames");
            Assert.That(preset.Trainer.Steps, Is.EqualTo(states.Trainer.Steps));
            Assert.That((preset.Trainer.Termination, preset.Trainer.Reward), Is.EqualTo(((ITerminationFunction?)null, (IRewardFunction?)null)));
        });
    }

    internal static string[] Metrics(TrainingReport report)
    {
        report.Policy.Dispose();
        return [
            .. report.History.SelectMany(epoch => epoch.Values.Where(metric => !metric.Key.StartsWith("time/", StringComparison.Ordinal))
                .Select(metric => $"{epoch.Step} {metric.Key} {metric.Value:R}"))];
    }

    private static RecurrentStateSpaceTrainer.Options Model() => new()
    {
        DeterministicSize = 5,
        StochasticSize = 3,
        HiddenSize = 6,
        FirstFilters = 2,
        RewardHiddenSizes = [4],
        BatchSize = 2,
        ChunkLength = 4,
        Seed = 3,
    };

    private static PlaNetTrainer Trainer(
        DotLineEnvironment dot, int steps, Action<PlaNetTrainer.Options>? change = null, ILatentDynamicsEstimator? dynamics = null, string? folder = null)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        var options = new PlaNetTrainer.Options { Steps = steps, SeedEpisodes = 2, UpdatesPerFit = 3, EpochLength = Episode, Seed = 4 };
        change?.Invoke(options);
        if (folder is not null) options.Checkpoints = new Checkpointing { Folder = folder, Every = null };
        // Where the model is counted, its stage has another type: it must be the same for each run of a test.
        return rl.PlaNet(dot, options, dynamics is null ? new CountingDynamics() : dynamics,
            rl.Planning.CrossEntropy(new()
            {
                Candidates = 8,
                Elites = 4,
                Iterations = 2,
                Smoothing = 0,
                InitialVariance = 1,
                LeastVariance = 0,
                ClipsDraws = true
            }),
            new() { Horizon = 3, WarmStart = false });
    }

    private static TrainingReport Train(
        DotLineEnvironment dot, int steps, Action<PlaNetTrainer.Options>? change = null, ILatentDynamicsEstimator? dynamics = null, string? folder = null)
    {
        var trainer = Trainer(dot, steps, change, dynamics, folder);
        return folder is not null && Checkpointing.Exists(folder) ? trainer.Resume(folder) : trainer.Train();
    }

    /// <summary>The recurrent state-space model, which tells of every update.</summary>
    private sealed class CountingDynamics : ILatentDynamicsEstimator
    {
        /// <summary>The frames that there were at each update.</summary>
        public List<int> Frames { get; } = [];

        public Action<int>? OnUpdate { get; init; }

        public ILatentDynamicsLearner CreateLearner(FrameShape frames, BoxSpace actionSpace, int seed, string? device = null) =>
            new Learner(this, (RecurrentStateSpaceLearner)new RecurrentStateSpaceTrainer(Model()).CreateLearner(frames, actionSpace, seed, device));

        private sealed class Learner(CountingDynamics owner, RecurrentStateSpaceLearner inner) : ILatentDynamicsLearner, MbpoML.Saving.ISaved
        {
            public ILatentDynamicsModel Model => inner.Model;

            public string Name => inner.Name;

            public void Update(EpisodePool episodes)
            {
                owner.Frames.Add(episodes.Frames);
                inner.Update(episodes);
                owner.OnUpdate?.Invoke(owner.Frames.Count);
            }

            public IReadOnlyDictionary<string, double> TakeMetrics() => inner.TakeMetrics();

            public void ThrowIfDiverged() => inner.ThrowIfDiverged();

            public ILatentDynamicsModel CopyModel() => inner.CopyModel();

            public void Save(MbpoML.Saving.IStateWriter to) => inner.Save(to);

            public void Restore(MbpoML.Saving.IStateReader from) => inner.Restore(from);

            public void Dispose() => inner.Dispose();
        }
    }
}
