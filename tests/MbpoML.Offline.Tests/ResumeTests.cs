using MbpoML.Algorithms.Offline;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Policies;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Offline.Tests;

/// <summary>A fit that was stopped and is run again gives the same policy, bit for bit.</summary>
public class ResumeTests
{
    private const int Updates = 260, EpochLength = 100;
    private static readonly string[] Algorithms = ["bc", "td3bc", "iql", "mopo", "morel", "mobile"];
    private static readonly Lazy<IDataView> Log = new(() => LineLog.Of(episodes: 12, gain: 1, noise: 0.4));

    [TestCaseSource(nameof(Algorithms))]
    public void A_cancelled_fit_goes_on_as_if_it_had_never_stopped(string algorithm)
    {
        using var folder = new TemporaryFolder();
        using var whole = Trainer(algorithm, _ => { }).Fit(Log.Value);
        using var stop = new CancellationTokenSource();
        var report = Assert.Throws<TrainingCanceledException>(() => Trainer(algorithm, options =>
        {
            options.Checkpoints = new Checkpointing { Folder = folder.FullName };
            options.CancellationToken = stop.Token;
            options.Progress = new Listener(progress => { if (progress.EpochMetrics is { Epoch: 1 }) stop.Cancel(); });
        }).Fit(Log.Value))!.Report!;
        using var early = report.Policy;
        using var resumed = Trainer(algorithm, options => options.Checkpoints = new Checkpointing { Folder = folder.FullName }).Train(Log.Value).Policy;
        Assert.Multiple(() =>
        {
            Assert.That(report.Steps, Is.EqualTo(200));
            Assert.That(Numbers(resumed), Is.EqualTo(Numbers(whole)));
            Assert.That(Numbers(early), Is.Not.EqualTo(Numbers(whole)));
        });
    }

    // As a killed process leaves them: the checkpoints of a moment, none of them the last.
    [TestCase("td3bc")]
    [TestCase("mobile")]
    public void A_killed_fit_goes_on_from_its_last_checkpoint(string algorithm)
    {
        using var folder = new TemporaryFolder();
        using var killed = new TemporaryFolder();
        var told = new List<int>();
        using var whole = Trainer(algorithm, options =>
        {
            options.Checkpoints = new Checkpointing { Folder = folder.FullName, EverySteps = 70 };
            options.Progress = new Listener(progress =>
            {
                if (progress.CheckpointStep is { } step && !told.Contains(step)) told.Add(step);
                if (progress.EpochMetrics is not { Epoch: 1 }) return;
                foreach (var file in Directory.EnumerateFiles(folder.FullName)) File.Copy(file, killed[Path.GetFileName(file)]);
            });
        }).Fit(Log.Value);
        Assert.That(Directory.EnumerateFiles(killed.FullName), Is.Not.Empty);
        Assert.That(told, Is.EqualTo(new[] { 0, 70, 140, 210 }), "each checkpoint is told when it is written");
        var report = Trainer(algorithm, options => options.Checkpoints = new Checkpointing { Folder = killed.FullName }).Train(Log.Value);
        using var resumed = report.Policy;
        Assert.Multiple(() =>
        {
            Assert.That(Numbers(resumed), Is.EqualTo(Numbers(whole)));
            Assert.That(report.History, Has.Count.EqualTo(3));
        });
    }

    [Test]
    public void A_finished_fit_that_is_run_again_gives_its_policy_at_once()
    {
        using var folder = new TemporaryFolder();
        IOfflineTrainer Made() => Trainer("bc", options => options.Checkpoints = new Checkpointing { Folder = folder.FullName });
        using var first = Made().Fit(Log.Value);
        using var second = Made().Fit(Log.Value);
        Assert.That(Numbers(second), Is.EqualTo(Numbers(first)));
    }

    [Test]
    public void Checkpoints_of_another_log_or_other_settings_are_refused()
    {
        using var folder = new TemporaryFolder();
        Trainer("iql", options => options.Checkpoints = new Checkpointing { Folder = folder.FullName }).Fit(Log.Value).Dispose();
        var other = LineLog.Of(episodes: 12, gain: 2, noise: 0.4);
        Assert.Multiple(() =>
        {
            Assert.That(
                () => Trainer("iql", options => options.Checkpoints = new Checkpointing { Folder = folder.FullName }).Fit(other),
                Throws.TypeOf<CheckpointException>().With.Message.Contains("log: content"));
            Assert.That(
                () => Trainer("iql", options =>
                {
                    options.Checkpoints = new Checkpointing { Folder = folder.FullName };
                    options.BatchSize = 8;
                }).Fit(Log.Value), Throws.TypeOf<CheckpointException>().With.Message.Contains("BatchSize was 16 and is 8"));
        });
    }

    [TestCaseSource(nameof(Algorithms))]
    public void Equal_seeds_give_equal_policies_and_others_do_not(string algorithm)
    {
        using var first = Trainer(algorithm, _ => { }).Fit(Log.Value);
        using var second = Trainer(algorithm, _ => { }).Fit(Log.Value);
        using var other = Trainer(algorithm, options => options.Seed = 2).Fit(Log.Value);
        Assert.Multiple(() =>
        {
            Assert.That(Numbers(second), Is.EqualTo(Numbers(first)));
            Assert.That(Numbers(other), Is.Not.EqualTo(Numbers(first)));
        });
    }

    [Test]
    public void A_fitted_policy_is_saved_as_a_model_and_loaded_again()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        using var policy = Trainer("td3bc", _ => { }).Fit(Log.Value);
        ml.Model.Save(policy, policy.InputSchema, folder["policy.zip"]);
        using var loaded = ml.Reinforcement().Policies.Load(folder["policy.zip"]);
        Assert.That(loaded.Act([0.5f]), Is.EqualTo(policy.Act([0.5f])).Within(1e-6f));
    }

    internal static IOfflineTrainer Trainer(string algorithm, Action<OfflineOptions> change)
    {
        var rl = new MLContext(1).Reinforcement();
        T Set<T>(T options)
            where T : OfflineOptions
        {
            (options.Updates, options.EpochLength, options.BatchSize, options.Seed, options.ActionSpace) = (Updates, EpochLength, 16, 1, LineLog.Actions);
            if (options is ImaginingOptions imagining)
            {
                (imagining.RolloutLength, imagining.RolloutBatchSize, imagining.RolloutInterval, imagining.RealRatio) = (3, 50, 90, 0.5);
                imagining.Termination = LineLog.Termination;
            }

            change(options);
            return options;
        }

        var dynamics = rl.Dynamics.ProbabilisticEnsemble(new ProbabilisticEnsembleTrainer.Options
        { MemberCount = 3, EliteCount = 2, HiddenSizes = [8], MaxOptimizerSteps = 60, BatchSize = 32 });
        var policy = rl.Policies.SoftActorCritic(new SoftActorCriticTrainer.Options { HiddenSizes = [8, 8], StandardizeObservations = true });
        return algorithm switch
        {
            "bc" => rl.Offline.BehaviorCloning(Set(new BehaviorCloningTrainer.Options { HiddenSizes = [8, 8] })),
            "td3bc" => rl.Offline.TD3BC(Set(new TD3BCTrainer.Options { HiddenSizes = [8, 8] })),
            "iql" => rl.Offline.Iql(Set(new IqlTrainer.Options { HiddenSizes = [8, 8] })),
            "mopo" => rl.Offline.Mopo(Set(new MopoTrainer.Options()), dynamics, policy),
            "morel" => rl.Offline.Morel(Set(new MorelTrainer.Options()), dynamics, policy),
            _ => rl.Offline.Mobile(Set(new MobileTrainer.Options()), dynamics, policy),
        };
    }

    private static float[] Numbers(PolicyTransformer policy) => [.. policy.Parameters.Weights.Concat(policy.Parameters.Biases).SelectMany(layer => layer)];

    private sealed class Listener(Action<TrainingProgress> heard) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => heard(value);
    }
}
