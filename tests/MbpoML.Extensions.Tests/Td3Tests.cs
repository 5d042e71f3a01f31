using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments.Tasks;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Extensions.Tests;

/// <summary>A policy learner of one's own has all that MbpoML's has: the model's rollouts, exact resume, ML.NET models.</summary>
public class Td3Tests
{
    [Test]
    public void It_learns_the_pendulum_through_the_model()
    {
        var mlContext = new MLContext(seed: 1);
        var rl = mlContext.Reinforcement();
        using var environment = rl.Environments.Pendulum();
        using var policy = Trainer(mlContext, environment, Options(steps: 2250, updates: 8)).Fit();
        // The best constant action earns about -850 from these starts, swinging up and holding about -150.
        Assert.That(rl.Evaluate(policy, environment, episodes: 10, seed: 5).MeanReturn, Is.GreaterThan(-500));
    }

    [Test]
    public void A_run_that_was_stopped_goes_on_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        var whole = Run(folder["whole"], options => { });
        using var stop = new CancellationTokenSource();
        Assert.That(() => Run(folder["stopped"], options => (options.CancellationToken, options.Progress) = (stop.Token, new StopAt(287, stop))),
            Throws.TypeOf<TrainingCanceledException>());
        Assert.That(Run(folder["stopped"], options => { }), Is.EqualTo(whole));
    }

    [Test]
    public void It_leaves_as_an_ml_net_model_and_a_zip_that_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        var rl = mlContext.Reinforcement();
        using var environment = rl.Environments.Pendulum();
        using var policy = Trainer(mlContext, environment, Options(steps: 320)).Fit();
        mlContext.Model.Save(policy, policy.InputSchema, folder["policy.zip"]);
        using var loaded = rl.Policies.Load(folder["policy.zip"]);
        var engine = mlContext.Model.CreatePredictionEngine<State, Move>(mlContext.Model.Load(folder["policy.zip"], out _));
        float[] state = [0.3f, -0.9f, 1.5f];
        Assert.Multiple(() =>
        {
            Assert.That(loaded.Act(state), Is.EqualTo(policy.Act(state)));
            Assert.That(engine.Predict(new State { Observation = state }).Action[0], Is.EqualTo(policy.Act(state)[0]).Within(1e-5));
        });
    }

    [Test]
    public void It_learns_from_logged_transitions_alone()
    {
        var mlContext = new MLContext(seed: 1);
        var rl = mlContext.Reinforcement();
        using var environment = rl.Environments.Pendulum();
        var logged = rl.Data.Record(environment, 300, seed: 2);
        using var policy = new Td3Estimator(mlContext, environment.ActionSpace).Fit(logged);
        Assert.That(policy.Transform(logged).GetColumn<float[]>("Action").Select(action => Math.Abs(action[0])), Has.All.LessThanOrEqualTo(2));
    }

    private static MbpoTrainer Trainer(MLContext mlContext, PendulumEnvironment environment, MbpoTrainer.Options options)
    {
        var (rl, preset) = (mlContext.Reinforcement(), MbpoPresets.Pendulum());
        (preset.Dynamics.HiddenSizes, preset.Dynamics.MemberCount, preset.Dynamics.EliteCount, preset.Dynamics.MaxOptimizerSteps, preset.Rollouts.BatchSize) =
            ([48, 48], 3, 2, 600, 4000);
        return rl.Mbpo(environment, options, rl.Dynamics.ProbabilisticEnsemble(preset.Dynamics), rl.Rollouts.Branched(preset.Rollouts),
            new Td3Estimator(mlContext, environment.ActionSpace));
    }

    private static MbpoTrainer.Options Options(int steps, int updates = 6) => new()
    {
        Steps = steps,
        EpochLength = 250,
        InitialExplorationSteps = 250,
        ModelTrainingInterval = 125,
        UpdatesPerStep = updates,
        BatchSize = 128,
        EvaluationEpisodes = 0,
        Seed = 3,
    };

    // What the last checkpoint and the policy say.
    private static float[] Run(string checkpoints, Action<MbpoTrainer.Options> change)
    {
        var mlContext = new MLContext(seed: 1);
        using var environment = mlContext.Reinforcement().Environments.Pendulum();
        var options = Options(steps: 320);
        options.Checkpoints = new Checkpointing { Folder = checkpoints, Every = null };
        change(options);
        var trainer = Trainer(mlContext, environment, options);
        var report = Checkpointing.Exists(checkpoints) ? trainer.Resume(checkpoints) : trainer.Train();
        using var policy = report.Policy;
        return [.. Enumerable.Range(-10, 21).Select(index => policy.Act([MathF.Cos(index), MathF.Sin(index), index / 3f])[0]),
            (float)report.History[^1].Values["policy/td3-loss"]];
    }

    private sealed class StopAt(int step, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step >= step) stop.Cancel();
        }
    }

    private sealed class State
    {
        [VectorType(3)]
        public float[] Observation { get; set; } = [];
    }

    private sealed class Move
    {
        public float[] Action { get; set; } = [];
    }
}
