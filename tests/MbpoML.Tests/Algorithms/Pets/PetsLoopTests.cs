using MbpoML.Algorithms.Pets;
using MbpoML.Algorithms.Pets.Presets;
using MbpoML.Dynamics;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Algorithms.Pets;

/// <summary>What PETS does, and when.</summary>
public class PetsLoopTests
{
    private const int Episode = 10;

    [Test]
    public void The_model_is_fitted_after_each_episode_to_all_transitions()
    {
        using var point = new PointEnvironment { Length = Episode };
        var learner = new CountingDynamics();
        Train(point, steps: 35, dynamics: learner).Policy.Dispose();
        Assert.That(learner.Fits, Is.EqualTo(new[] { 10, 20, 30 }));
    }

    [Test]
    public void Or_after_so_many_steps()
    {
        using var point = new PointEnvironment { Length = Episode };
        var learner = new CountingDynamics();
        Train(point, steps: 24, options => options.ModelTrainingInterval = 4, learner).Policy.Dispose();
        Assert.That(learner.Fits, Is.EqualTo(new[] { 10, 14, 18, 22 }));
    }

    [Test]
    public void Planned_episodes_stand_as_evaluations_and_random_ones_do_not()
    {
        using var point = new PointEnvironment { Length = Episode };
        // The exploration ends within the second episode, which so is neither.
        var report = Train(point, steps: 40, options => options.InitialExplorationSteps = 15);
        report.Policy.Dispose();
        var returns = report.History.Select(epoch => epoch.EvaluationReturn).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(point.Actions, Has.Count.EqualTo(40), "no episode is run for an evaluation");
            Assert.That(returns, Is.EqualTo(new double?[] { null, ReturnOf(point.Actions.GetRange(20, 10)), ReturnOf(point.Actions.GetRange(30, 10)) })
                .Using<double?>((one, other) => one == other || Math.Abs(one!.Value - other!.Value) < 1e-9 ? 0 : 1));
        });
    }

    [Test]
    public void Evaluations_of_their_own_may_be_asked_for()
    {
        using var point = new PointEnvironment { Length = Episode };
        var report = Train(point, steps: 20, options => options.EvaluationEpisodes = 2);
        report.Policy.Dispose();
        Assert.That(point.Actions, Has.Count.EqualTo(20 + (2 * Episode)));
        Assert.That(report.History.Single().Values[MetricNames.EvaluationLengthMean], Is.EqualTo(Episode));
    }

    [TestCase(3)]
    [TestCase(10)]
    [TestCase(11)]
    [TestCase(14)]
    [TestCase(20)]
    [TestCase(29)]
    public void A_run_that_is_stopped_anywhere_goes_on_exactly(int stopAt)
    {
        using var folder = new TemporaryFolder();
        using var whole = new PointEnvironment { Length = Episode };
        var expected = Metrics(Train(whole, steps: 34));
        using var stop = new CancellationTokenSource();
        using var before = new PointEnvironment { Length = Episode, OnStep = step => { if (step == stopAt) stop.Cancel(); } };
        Assert.That(() => Train(before, steps: 34, options => options.CancellationToken = stop.Token, folder: folder["run"]),
            Throws.TypeOf<TrainingCanceledException>());
        using var after = new PointEnvironment { Length = Episode };
        Assert.That(Metrics(Train(after, steps: 34, folder: folder["run"])), Is.EqualTo(expected));
        Assert.That(before.Actions.Concat(after.Actions), Is.EqualTo(whole.Actions));
    }

    [Test]
    public void The_same_seed_gives_the_same_run_bit_for_bit()
    {
        using var one = new PointEnvironment { Length = Episode };
        using var other = new PointEnvironment { Length = Episode };
        Assert.That(Metrics(Train(one, steps: 25)), Is.EqualTo(Metrics(Train(other, steps: 25))));
        Assert.That(one.Actions, Is.EqualTo(other.Actions));
    }

    [Test]
    public void What_comes_out_plans_with_the_model_as_it_was_and_so_does_a_checkpoint()
    {
        using var folder = new TemporaryFolder();
        using var point = new PointEnvironment { Length = Episode };
        using var policy = Train(point, steps: 30, folder: folder["run"]).Policy;
        var trainer = Trainer(point, steps: 30, folder: folder["run"]);
        using var snapshot = trainer.Open(folder["run"]);
        using var scope = NewDisposeScope();
        var starts = tensor(new[] { 1f, 0, -1, 0.5f }, 2, 2);
        Assert.Multiple(() =>
        {
            Assert.That(policy.IsNetwork, Is.False);
            Assert.That(snapshot.Policy.Act(starts).data<float>().ToArray(), Is.EqualTo(policy.Act(starts).data<float>().ToArray()));
            Assert.That(snapshot.HasDynamics);
            Assert.That(snapshot.FittedTransitions, Is.EqualTo(20));
            Assert.That(() => snapshot.OptimizeFurther([1]), Throws.InvalidOperationException.With.Message.Contains("planned"));
            Assert.That(() => snapshot.TerminalValue, Throws.InvalidOperationException.With.Message.Contains("learns no critics"));
        });
    }

    [Test]
    public void A_run_that_was_stopped_before_its_first_fit_says_that_there_is_no_model()
    {
        using var stop = new CancellationTokenSource();
        using var point = new PointEnvironment { Length = Episode, OnStep = step => { if (step == 3) stop.Cancel(); } };
        var stopped = Assert.Throws<TrainingCanceledException>(() => Train(point, steps: 30, options => options.CancellationToken = stop.Token));
        using var policy = stopped!.Report!.Policy;
        using var start = zeros(1, 2);
        Assert.That(() => policy.Act(start), Throws.InvalidOperationException.With.Message.Contains("no model yet"));
    }

    [Test]
    public void A_model_of_ml_net_takes_the_place_of_the_ensemble()
    {
        var mlContext = new MLContext(seed: 1);
        var rl = mlContext.Reinforcement();
        using var point = new PointEnvironment();
        var dynamics = rl.Dynamics.Regression(label => mlContext.Regression.Trainers.Sdca(label, "Features"));
        var report = rl.Pets(point, Options(150, _ => { }), dynamics, planner: new() { Horizon = 15 }).Train();
        report.Policy.Dispose();
        Assert.That(report.History[^1].EvaluationReturn, Is.GreaterThan(-0.02));
    }

    private static double ReturnOf(IEnumerable<double> actions)
    {
        var (place, speed, sum) = (1.0, 0.0, 0.0);
        foreach (var action in actions)
        {
            speed += action;
            place += speed;
            sum -= 0.001 * place * place;
        }

        return sum;
    }

    private static string[] Metrics(TrainingReport report)
    {
        report.Policy.Dispose();
        return [
            .. report.History.SelectMany(epoch => epoch.Values.Where(metric => !metric.Key.StartsWith("time/", StringComparison.Ordinal))
                .Select(metric => $"{epoch.Step} {metric.Key} {metric.Value:R}"))];
    }

    private static PetsTrainer.Options Options(int steps, Action<PetsTrainer.Options> change, string? folder = null)
    {
        var options = new PetsTrainer.Options { Steps = steps, InitialExplorationSteps = Episode, EpochLength = Episode, Seed = 4 };
        change(options);
        if (folder is not null) options.Checkpoints = new Checkpointing { Folder = folder, Every = null };
        return options;
    }

    private static PetsTrainer Trainer(
        PointEnvironment point, int steps, Action<PetsTrainer.Options>? change = null, IDynamicsEstimator? dynamics = null, string? folder = null)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        var ensemble = PetsPresets.Ensemble();
        (ensemble.HiddenSizes, ensemble.MaxEpochs, ensemble.Seed) = ([8], 2, 3);
        return rl.Pets(point, Options(steps, change ?? (_ => { }), folder), dynamics ?? rl.Dynamics.ProbabilisticEnsemble(ensemble),
            rl.Planning.ImprovedCrossEntropy(new() { Candidates = 8, Elites = 4, Iterations = 2 }), new() { Horizon = 4, Particles = 5 });
    }

    private static TrainingReport Train(
        PointEnvironment point, int steps, Action<PetsTrainer.Options>? change = null, IDynamicsEstimator? dynamics = null, string? folder = null)
    {
        var trainer = Trainer(point, steps, change, dynamics, folder);
        return folder is not null && Checkpointing.Exists(folder) ? trainer.Resume(folder) : trainer.Train();
    }

    private sealed class CountingDynamics : IDynamicsEstimator
    {
        public List<int> Fits { get; } = [];

        public IDynamicsLearner CreateLearner(MbpoML.Data.TransitionLayout layout, int seed, string? device = null) => new Learner(this);

        private sealed class Learner(CountingDynamics owner) : IDynamicsLearner
        {
            public IDynamicsModel Model { get; } = new FunctionModel(
                new(2, 1), (state, action, _) => new(state.clone(), action.squeeze(1).clone(), zeros(state.size(0), ScalarType.Bool)));

            public bool IsEnsemble => false;

            public IReadOnlyDictionary<string, double> Fit(Tensor rows, CancellationToken cancellationToken)
            {
                owner.Fits.Add((int)rows.size(0));
                return new Dictionary<string, double>();
            }

            public void Dispose()
            {
            }
        }
    }
}
