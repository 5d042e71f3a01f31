using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Policies;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Training.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Tests.Documentation;

/// <summary>The samples of docs/getting-started.md, with sizes that take seconds.</summary>
public class GettingStartedTests
{
    private const int Starts = 30;
    private const int Length = 5;
    private readonly MLContext _mlContext = new(seed: 1);
    private ReinforcementCatalog _rl = null!;

    [SetUp]
    public void MakeCatalog() => _rl = _mlContext.Reinforcement();

    [Test]
    public void The_three_stages_work_alone_and_the_policy_is_saved_and_loaded()
    {
        using var environment = _rl.Environments.Pendulum();
        IDataView transitions = _rl.Data.Record(environment, steps: 400, seed: 1);
        IDataView starts = _rl.Data.Record(environment, steps: Starts, seed: 2);
        using var policy = TinyPolicy(environment.ActionSpace).Fit(transitions);

        using var dynamics = TinyEnsemble().Fit(transitions);
        var imagined = _rl.Rollouts.Branched(dynamics, policy, length: Length).Fit(starts).Transform(starts);
        using var policy2 = TinyPolicy(environment.ActionSpace).Fit(imagined);

        CheckImagined(imagined, starts);
        CheckSaved(policy2, starts);
    }

    [Test]
    public void Where_the_task_terminates_the_rollouts_are_told_how()
    {
        using var environment = _rl.Environments.CartPoleContinuous();
        var transitions = _rl.Data.Record(environment, steps: 400, seed: 1);
        using var policy = TinyPolicy(environment.ActionSpace).Fit(transitions);
        using var dynamics = TinyEnsemble().Fit(transitions);

        var options = new BranchedRolloutEstimator.Options { Length = Length, Termination = environment.Termination };
        var imagined = _rl.Rollouts.Branched(dynamics, policy, options).Fit(transitions).Transform(transitions);

        var terminated = imagined.GetColumn<bool>("Terminated").ToArray();
        Assert.That(terminated, Does.Contain(true), "random actions drop the pole, and some starts stand just before that");
        Assert.That(imagined.GetColumn<bool>("Truncated").Zip(terminated), Has.None.EqualTo((true, true)));
        Assert.That(imagined.GetRowCount(), Is.LessThan(400 * Length), "a terminated rollout ends");
    }

    [Test]
    public void The_trainer_takes_each_stage_and_logged_transitions()
    {
        using var environment = _rl.Environments.Pendulum();
        IDataView logged = _rl.Data.Record(environment, steps: 60);
        var options = new MbpoTrainer.Options
        {
            Steps = 50,
            EpochLength = 25,
            InitialExplorationSteps = 80,
            ModelTrainingInterval = 25,
            UpdatesPerStep = 1,
            BatchSize = 32,
        };
        var trainer = _rl.Mbpo(
            environment,
            options,
            dynamics: TinyEnsemble(),
            rollouts: _rl.Rollouts.Branched(RolloutSchedule.Linear(firstEpoch: 0, lastEpoch: 1, firstLength: 1, lastLength: 2), batchSize: 100),
            policy: TinyPolicy(environment.ActionSpace));

        using var policy = trainer.Fit(logged);

        var metrics = _rl.Evaluate(policy, environment, episodes: 2);
        Assert.That(metrics.ToString(), Does.Match(@"^mean return -\d+\.\d \+- \d+\.\d over 2 episodes$"));
    }

    // Overloads side by side would make this ambiguous; that it compiles is half of the test.
    [Test]
    public void Options_may_be_written_without_their_type()
    {
        using var environment = _rl.Environments.Pendulum();
        var trainer = _rl.Mbpo(
            environment,
            new() { Steps = 30, InitialExplorationSteps = 20, UpdatesPerStep = 1, EvaluationEpisodes = 0 },
            dynamics: _rl.Dynamics.ProbabilisticEnsemble(new() { HiddenSizes = [8], MaxOptimizerSteps = 5 }),
            rollouts: _rl.Rollouts.Branched(new() { BatchSize = 10 }),
            policy: _rl.Policies.SoftActorCritic(new() { HiddenSizes = [8] }));
        var report = trainer.Train();
        using var policy = report.Policy;
        Assert.That(report.Steps, Is.EqualTo(30));
    }

    [Test]
    public void Several_seeds_train_side_by_side()
    {
        using var folder = new TemporaryFolder();
        var runs = _rl.MbpoSeeds(
            seed => _rl.Environments.Pendulum(),
            new()
            {
                Preset = seed => new MbpoPreset
                {
                    Trainer = { Steps = 30, InitialExplorationSteps = 20, UpdatesPerStep = 1, EvaluationEpisodes = 1 },
                    Dynamics = { HiddenSizes = [8], MaxOptimizerSteps = 5 },
                    Rollouts = { BatchSize = 10 },
                    Policy = { HiddenSizes = [8] },
                }.Fast(),
                MetricsWriters = seed => [new JsonLinesMetricsWriter(folder[$"seed-{seed}.jsonl"])],
            }).Train([1, 2, 3]);

        foreach (var run in runs.Where(run => run.Succeeded)) Assert.That(run.Report!.History[^1].EvaluationReturn, Is.LessThan(0), $"seed {run.Seed}");
        Assert.That(runs.Count(run => run.Succeeded), Is.EqualTo(3));
        Assert.That(Enumerable.Range(1, 3).Select(seed => File.ReadLines(folder[$"seed-{seed}.jsonl"]).Count()), Has.All.EqualTo(1));
    }

    private static void CheckImagined(IDataView imagined, IDataView starts)
    {
        string[] columns = ["Observation", "Action", "Reward", "NextObservation", "Terminated", "Truncated", "EpisodeId"];
        Assert.That(imagined.Schema.Select(column => column.Name), Is.EqualTo(columns));
        Assert.That(imagined.GetRowCount(), Is.EqualTo(Starts * Length), "a pendulum never terminates");
        var observations = imagined.GetColumn<float[]>("Observation").ToArray();
        var next = imagined.GetColumn<float[]>("NextObservation").ToArray();
        Assert.Multiple(() =>
        {
            // Step by step, and in each step start by start.
            Assert.That(imagined.GetColumn<int>("EpisodeId"), Is.EqualTo(Enumerable.Range(0, Starts * Length).Select(row => row % Starts)));
            Assert.That(imagined.GetColumn<bool>("Truncated"), Is.EqualTo(Enumerable.Range(0, Starts * Length).Select(row => row >= Starts * (Length - 1))));
            Assert.That(imagined.GetColumn<bool>("Terminated"), Has.All.False);
            Assert.That(observations[..Starts], Is.EqualTo(starts.GetColumn<float[]>("Observation")));
            Assert.That(observations[Starts..], Is.EqualTo(next[..^Starts]), "a step begins where the one before ended");
            Assert.That(next.SelectMany(values => values), Has.All.Matches<float>(float.IsFinite));
            Assert.That(imagined.GetColumn<float>("Reward"), Has.All.Matches<float>(float.IsFinite));
            Assert.That(imagined.GetColumn<float[]>("Action").SelectMany(action => action), Has.All.InRange(-2f, 2f));
        });
    }

    private void CheckSaved(PolicyTransformer policy, IDataView states)
    {
        using var folder = new TemporaryFolder();
        _mlContext.Model.Save(policy, policy.InputSchema, folder["policy.zip"]);
        var loaded = _mlContext.Model.Load(folder["policy.zip"], out var schema);
        var expected = policy.Transform(states).GetColumn<float[]>("Action").SelectMany(action => action);
        var observations = _mlContext.Transforms.SelectColumns("Observation").Fit(states).Transform(states);
        Assert.That(loaded.Transform(observations).GetColumn<float[]>("Action").SelectMany(action => action), Is.EqualTo(expected).Within(1e-5f));
        Assert.That(schema["Observation"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 3)));
    }

    private ProbabilisticEnsembleTrainer TinyEnsemble() =>
        _rl.Dynamics.ProbabilisticEnsemble(
            new ProbabilisticEnsembleTrainer.Options { MemberCount = 2, EliteCount = 2, HiddenSizes = [16, 16], MaxOptimizerSteps = 100 });

    private SoftActorCriticTrainer TinyPolicy(BoxSpace actionSpace) =>
        _rl.Policies.SoftActorCritic(new SoftActorCriticTrainer.Options { HiddenSizes = [16, 16], Updates = 50, BatchSize = 32, ActionSpace = actionSpace });
}
