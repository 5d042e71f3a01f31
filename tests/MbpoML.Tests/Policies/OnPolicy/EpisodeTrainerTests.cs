using MbpoML.Data.Views;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Policies;
using MbpoML.Tests.Fakes;

namespace MbpoML.Tests.Policies.OnPolicy;

/// <summary>Estimators whose learners learn from episodes: alone on logged transitions, and in a run.</summary>
public class EpisodeTrainerTests
{
    private static readonly ITerminationFunction Leaving = new LineEnvironment().Termination;

    private static IEnumerable<TestCaseData> Estimators =>
    [
        new TestCaseData((Func<IPolicyEstimator>)(() => BadInput.Samples.Rl.Policies.TrustRegion(new()
        {
            Updates = 30, EpisodeSteps = 20, Seed = 1, ActionSpace = BoxSpace.Uniform(1, -2, 2), Dynamics = new LineDynamicsEstimator(), Termination = Leaving,
        }))) { TestName = "trust region" },
        new TestCaseData((Func<IPolicyEstimator>)(() => BadInput.Samples.Rl.Policies.Proximal(new()
        {
            Updates = 30, EpisodesPerUpdate = 50, EpisodeSteps = 20, LearningRate = 5e-3, BatchSize = 200, Seed = 1, HiddenSizes = [32, 32],
            ActionSpace = BoxSpace.Uniform(1, -2, 2), Dynamics = new LineDynamicsEstimator(), Termination = Leaving,
        }))) { TestName = "proximal policy optimization" },
    ];

    [TestCaseSource(nameof(Estimators))]
    public void Logged_transitions_are_enough_to_bring_the_point_to_zero(Func<IPolicyEstimator> create)
    {
        var ml = BadInput.Samples.Rl;
        using var environment = new LineEnvironment();
        using var policy = create().Fit(LineRows());
        var metrics = ml.Evaluate(policy, environment, episodes: 5, seed: 3);
        Assert.That(metrics.MeanReturn, Is.GreaterThan(16.5), "doing nothing earns about 10");
    }

    [TestCaseSource(nameof(Estimators))]
    public void The_policy_is_saved_and_loaded_and_the_same_seed_gives_it_again(Func<IPolicyEstimator> create)
    {
        using var folder = new TemporaryFolder();
        using var policy = create().Fit(LineRows());
        using var again = create().Fit(LineRows());
        policy.ExportToOnnx(folder["policy.onnx"]);
        using var loaded = BadInput.Samples.Rl.Policies.Load(folder["policy.onnx"]);
        foreach (var state in (float[])[-1, 0.3f, 0.8f])
        {
            Assert.That(loaded.Act([state]), Is.EqualTo(policy.Act([state])));
            Assert.That(again.Act([state]), Is.EqualTo(policy.Act([state])));
        }
    }

    [TestCaseSource(nameof(Estimators))]
    public void A_run_of_MBPO_takes_the_learner(Func<IPolicyEstimator> create)
    {
        using var environment = new LineEnvironment();
        var trainer = BadInput.Samples.Rl.Mbpo(
            environment, new() { Steps = 160, InitialExplorationSteps = 80, EpochLength = 40, ModelTrainingInterval = 40, UpdatesPerStep = 1, Seed = 2 },
            new LineDynamicsEstimator(), policy: create());
        var report = trainer.Train();
        using var policy = report.Policy;
        Assert.That(report.History[^1].Values["policy/episode-length"], Is.InRange(1, 20));
        Assert.That(BadInput.Samples.Rl.Evaluate(policy, environment, episodes: 5, seed: 3).MeanReturn, Is.GreaterThan(16.5));
    }

    [Test]
    public void Logged_ends_that_nobody_can_foresee_are_refused()
    {
        var trainer = BadInput.Samples.Rl.Policies.TrustRegion(new()
        {
            Updates = 1,
            ActionSpace = BoxSpace.Uniform(1, -2, 2),
            Dynamics = new LineDynamicsEstimator(),
        });
        Assert.That(() => trainer.Fit(LineRows()), Throws.InvalidOperationException.With.Message.Contains("Options.Termination"));
    }

    private static DenseDataView LineRows()
    {
        using var environment = new LineEnvironment();
        return BadInput.Samples.Rl.Data.Record(environment, 100, seed: 1);
    }
}
