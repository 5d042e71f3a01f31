using MbpoML.Algorithms.DoubleHorizon;
using MbpoML.Environments;
using MbpoML.Policies;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Tests.Algorithms.DoubleHorizon;

/// <summary>Policies play whole episodes and are kept by what they earn.</summary>
public class AssessedPoliciesTests
{
    private const int Exploration = 30;
    private const int Interval = 10;

    [Test]
    public void The_policy_stands_still_within_each_episode_and_updates_are_made_up_for()
    {
        var learner = new RecordingStartStateEstimator();
        var updatesBefore = new List<(int Episode, int Updates)>();
        Train(learner, new Pay(25, 1), steps: Exploration + 100, stepped: episode => updatesBefore.Add((episode, Count(learner, "update"))));
        var learned = updatesBefore.Skip(Exploration).ToArray();
        // Random steps end within the second episode.
        foreach (var episode in learned.Where(step => step.Episode > 2).GroupBy(step => step.Episode))
            Assert.That(episode.Select(step => step.Updates).Distinct().Count(), Is.EqualTo(1), $"policies in episode {episode.Key}");
        // Two of the second episode, and one in each of the four that follow.
        Assert.That(learned.Select(step => step.Updates).Distinct().Count(), Is.EqualTo(2 + 4), "each episode had another policy");
        // The first fit makes up for the random steps. The last episode begins after 95 learned steps, of which nine whole intervals are made up for.
        Assert.That(Count(learner, "update"), Is.EqualTo(Exploration + (9 * Interval)));
        Assert.That(Count(learner, "look"), Is.EqualTo(1 + 9), "a fit for each interval");
    }

    [Test]
    public void Policies_that_earn_about_as_much_as_the_best_are_kept()
    {
        // Two episodes explore, in the second of which the first policy begins; then each episode is one policy's.
        double[] pays = [9, 9, 1, 3, 2.9, 2, 2.86, 4, -1];
        var learner = new RecordingStartStateEstimator();
        var report = Train(learner, new Pay(20, pays), steps: 20 * pays.Length, change: options => options.InitialExplorationSteps = 25);
        report.Policy.Dispose();
        // Each is judged where the next fits begin. 2 is below 95 % of 3, and 2.86 is not.
        Assert.That(Returns(report), Is.EqualTo(new[] { 20.0, 60, 58, 57.2, 80 }).Within(1e-6));
        Assert.That(Count(learner, "keep"), Is.EqualTo(5));
    }

    [Test]
    public void Between_assessments_the_policy_is_updated_as_without_them()
    {
        const int Length = 25;
        var learner = new RecordingStartStateEstimator();
        var updatesBefore = new List<(int Episode, int Updates)>();
        Train(learner, new Pay(Length, 1), steps: 600, options => options.AssessmentSpacing = 1, stepped: episode =>
            updatesBefore.Add((episode, Count(learner, "update"))));
        var whole = updatesBefore.GroupBy(step => step.Episode).Where(episode => episode.Count() == Length);
        var still = whole.Where(episode => episode.Select(step => step.Updates).Distinct().Count() == 1).Select(episode => episode.Key);
        // The first two are random. A policy that was kept at step t is followed by an assessment in the first episode after 2 t.
        Assert.That(still, Is.EqualTo(new[] { 1, 3, 7, 15 }));
        Assert.That(Count(learner, "keep"), Is.EqualTo(3));
        Assert.That(updatesBefore[^1].Updates, Is.EqualTo(600 - Interval), "one update a step, those of an interval at its beginning");
    }

    [Test]
    public void A_policy_that_changed_within_its_episode_is_not_kept()
    {
        var learner = new RecordingStartStateEstimator();
        // Longer than any wait: updates fall into every episode.
        var length = Interval * (PolicyAssessment.MostIntervals + 1);
        Train(learner, new Pay(length, 1), steps: Exploration + (3 * length));
        Assert.That(Count(learner, "keep"), Is.Zero);
        Assert.That(Count(learner, "look"), Is.GreaterThan(2 * PolicyAssessment.MostIntervals));
    }

    [Test]
    public void A_run_that_is_stopped_at_any_update_goes_on_exactly([Values(1, 31, 45, 46, 77, 120)] int stopAt)
    {
        using var folder = new TemporaryFolder();
        double[] pays = [1, 2, 1.5, 3, 2.99, 2];
        const int Steps = Exploration + 110;
        var whole = new RecordingStartStateEstimator();
        var expected = Metrics(Train(whole, new Pay(15, pays), Steps, folder: folder["whole"]));
        using var stop = new CancellationTokenSource();
        var before = new RecordingStartStateEstimator { OnUpdate = update => { if (update == stopAt) stop.Cancel(); } };
        Assert.That(
            () => Train(before, new Pay(15, pays), Steps, options => options.CancellationToken = stop.Token, folder["stopped"]),
            Throws.TypeOf<TrainingCanceledException>());
        var after = new RecordingStartStateEstimator();
        Assert.That(Metrics(Train(after, new Pay(15, pays), Steps, folder: folder["stopped"])), Is.EqualTo(expected));
        Assert.That(before.Starts.Concat(after.Starts), Is.EqualTo(whole.Starts), "the same start states");
        Assert.That(before.Calls.Concat(after.Calls), Is.EqualTo(whole.Calls), "the same policies are kept");
    }

    [Test]
    public void A_learner_that_keeps_nothing_is_refused()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Train(new Forgetful(), new Pay(20, 1), Exploration + 5));
        Assert.That(exception!.Message, Does.Contain(nameof(IPolicyKeeper)).And.Contain("AssessesPolicies"));
    }

    private static int Count(RecordingStartStateEstimator learner, string call) => learner.Calls.Count(made => made == call);

    private static double[] Returns(TrainingReport report) =>
        [.. report.History.Where(epoch => epoch.Values.ContainsKey(MetricNames.KeptReturn)).Select(epoch => epoch.Values[MetricNames.KeptReturn])];

    private static string[] Metrics(TrainingReport report)
    {
        report.Policy.Dispose();
        return [
            .. report.History.SelectMany(epoch => epoch.Values.Where(metric => !metric.Key.StartsWith("time/", StringComparison.Ordinal))
                .Select(metric => $"{epoch.Step} {metric.Key} {metric.Value:R}"))];
    }

    private static TrainingReport Train(
        IPolicyEstimator learner, Pay environment, int steps, Action<DoubleHorizonTrainer.Options>? change = null, string? folder = null,
        Action<int>? stepped = null)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        var options = new DoubleHorizonTrainer.Options
        {
            Steps = steps,
            InitialExplorationSteps = Exploration,
            EpochLength = 20,
            ModelTrainingInterval = Interval,
            CriticUpdatesPerFit = 0,
            AssessesPolicies = true,
            AssessmentSpacing = 0,
            EvaluationEpisodes = 0,
            ModelReturnRollouts = 0,
            Seed = 4,
        };
        change?.Invoke(options);
        if (folder is not null) options.Checkpoints = new Checkpointing { Folder = folder, Every = null };
        environment.Stepped = stepped;
        var distribution = rl.Rollouts.Distribution(new() { Length = 2, BatchSize = 8, Interval = 7, Capacity = 100 });
        var trainer = rl.DoubleHorizonMbpo(environment, options, new LineDynamicsEstimator(), distribution, learner);
        return folder is not null && Checkpointing.Exists(folder) ? trainer.Resume(folder) : trainer.Train();
    }

    /// <summary>Pays the same at each step of an episode, and in each episode what it is told; the last amount again and again.</summary>
    private sealed class Pay(int length, params double[] amounts) : IStatefulEnvironment
    {
        private int _episode, _step;

        public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(1);

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -2, 2);

        public int StateSize => 2;

        public Action<int>? Stepped { get; set; }

        public void Reset(int seed, Span<double> observation) => (_episode, _step, observation[0]) = (_episode + 1, 0, 0);

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            Stepped?.Invoke(_episode);
            observation[0] = 0.1 * action[0];
            return new StepResult(amounts[Math.Min(_episode, amounts.Length) - 1], false, ++_step >= length);
        }

        public void GetState(Span<double> state) => (state[0], state[1]) = (_episode, _step);

        public void SetState(ReadOnlySpan<double> state) => (_episode, _step) = ((int)state[0], (int)state[1]);

        public void Dispose()
        {
        }
    }

    /// <summary>Makes learners that keep nothing.</summary>
    private sealed class Forgetful : IPolicyEstimator
    {
        private readonly RecordingStartStateEstimator _inner = new();

        public bool AsksModel => true;

        public IPolicyLearner CreateLearner(MbpoML.Data.TransitionLayout layout, BoxSpace actionSpace, int seed, string? device = null) =>
            new Learner((IStartStateLearner)_inner.CreateLearner(layout, actionSpace, seed, device));

        public PolicyTransformer Fit(IDataView input) => throw new NotSupportedException();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

        private sealed class Learner(IStartStateLearner inner) : IStartStateLearner
        {
            public int ObservationSize => inner.ObservationSize;

            public BoxSpace ActionSpace => inner.ActionSpace;

            public int BatchSize => inner.BatchSize;

            public bool NeedsModel => true;

            public void UseModel(MbpoML.Imagination.ImaginedEnvironment imagined) => inner.UseModel(imagined);

            public void Look(TorchSharp.torch.Tensor rows) => inner.Look(rows);

            public void Update(TorchSharp.torch.Tensor observations) => inner.Update(observations);

            public void UpdateCritics(TorchSharp.torch.Tensor observations) => inner.UpdateCritics(observations);

            public TorchSharp.torch.Tensor Act(TorchSharp.torch.Tensor observation) => inner.Act(observation);

            public TorchSharp.torch.Tensor Sample(TorchSharp.torch.Tensor observation, TorchSharp.torch.Generator generator) =>
                inner.Sample(observation, generator);

            public IReadOnlyDictionary<string, double> TakeMetrics() => inner.TakeMetrics();

            public PolicyTransformer ToTransformer() => inner.ToTransformer();

            public void Dispose() => inner.Dispose();
        }
    }
}
