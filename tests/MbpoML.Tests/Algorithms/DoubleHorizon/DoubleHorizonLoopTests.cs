using MbpoML.Algorithms.DoubleHorizon;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Policies;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Tests.Algorithms.DoubleHorizon;

/// <summary>What double-horizon MBPO asks of its stages, and when.</summary>
public class DoubleHorizonLoopTests
{
    private const int Exploration = 30;
    private const int Interval = 20;
    private const int CriticUpdates = 5;

    [Test]
    public void Each_fit_is_followed_by_critics_alone_then_by_the_updates_of_all_steps_until_the_next()
    {
        var learner = new RecordingStartStateEstimator();
        Train(learner, steps: Exploration + 45);
        var expected = new List<string>();
        for (var fit = 0; fit < 3; fit++)
        {
            expected.AddRange(["look", .. Enumerable.Repeat("critics", CriticUpdates)]);
            // The first ones make up for the random steps.
            expected.AddRange(Enumerable.Repeat("update", 2 * (fit == 0 ? Exploration : Interval)));
        }

        Assert.That(learner.Calls, Is.EqualTo(expected));
        Assert.That(learner.Looks, Is.EqualTo(new[] { Exploration, Exploration + Interval, Exploration + (2 * Interval) }));
    }

    [Test]
    public void The_policy_stands_still_between_fits_where_updates_follow_them()
    {
        foreach (var afterFit in new[] { true, false })
        {
            var learner = new RecordingStartStateEstimator();
            var updatesBefore = new List<int>();
            Train(learner, steps: Exploration + 45, options => (options.UpdatesAfterFit, options.EvaluationEpisodes) = (afterFit, 0),
                stepped: () => updatesBefore.Add(learner.Calls.Count(call => call == "update")));
            Assert.That(updatesBefore.Skip(Exploration).Distinct().Count(), Is.EqualTo(afterFit ? 3 : 45), $"policies that acted, {afterFit}");
        }
    }

    [Test]
    public void Each_fit_is_followed_by_critics_alone_then_each_step_by_its_updates_where_that_is_asked()
    {
        var learner = new RecordingStartStateEstimator();
        Train(learner, steps: Exploration + 45, options => options.UpdatesAfterFit = false);
        var expected = new List<string>();
        for (var step = 0; step < 45; step++)
        {
            if (step % Interval == 0) expected.AddRange(["look", .. Enumerable.Repeat("critics", CriticUpdates)]);
            // The first ones make up for the random steps.
            expected.AddRange(Enumerable.Repeat("update", step == 0 ? 2 * Exploration : 2));
        }

        Assert.That(learner.Calls, Is.EqualTo(expected));
        Assert.That(learner.Looks, Is.EqualTo(new[] { Exploration, Exploration + Interval, Exploration + (2 * Interval) }));
    }

    [Test]
    public void The_first_updates_may_be_said()
    {
        var learner = new RecordingStartStateEstimator();
        Train(learner, steps: Exploration + Interval + 1, options => options.FirstUpdates = 4);
        Assert.That(learner.Calls.Count(call => call == "update"), Is.EqualTo(4 + (2 * Interval)));
        learner = new RecordingStartStateEstimator();
        Train(learner, steps: Exploration + 3, options => (options.FirstUpdates, options.UpdatesAfterFit) = (4, false));
        Assert.That(learner.Calls.Count(call => call == "update"), Is.EqualTo(4 + 2 + 2));
    }

    [Test]
    public void Training_rollouts_start_where_distribution_rollouts_have_been()
    {
        var learner = new RecordingStartStateEstimator();
        // What is imagined moves to where no real state is.
        Train(learner, steps: Exploration + 10, options => options.Termination = TerminationFunction.Never, model: new LineDynamicsEstimator(jump: 10));
        var starts = learner.Starts.SelectMany(states => states).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(starts.Where(state => state > 5), Is.Not.Empty, "imagined states");
            Assert.That(starts.Where(state => Math.Abs(state) < 3), Is.Not.Empty, "real ones, where the rollouts began");
            Assert.That(learner.Starts, Has.All.Length.EqualTo(7));
        });
    }

    [Test]
    public void Rollouts_are_made_before_every_so_many_updates_and_filled_up()
    {
        var rule = new CountingRule();
        var learner = new RecordingStartStateEstimator();
        Train(learner, steps: Exploration + 10, rollouts: options => (options.Rule, options.Interval, options.Length, options.BatchSize) = (rule, 10, 4, 6));
        // Rollouts end after two of four steps, so that each time takes two rounds.
        Assert.That(rule.Begun, Is.EqualTo(2 * ((learner.Starts.Count + 9) / 10)));
        rule = new CountingRule();
        learner = new RecordingStartStateEstimator();
        Train(learner, steps: Exploration + 10,
            rollouts: options => (options.Rule, options.Interval, options.Length, options.BatchSize, options.FillsUp) = (rule, 10, 4, 6, false));
        Assert.That(rule.Begun, Is.EqualTo((learner.Starts.Count + 9) / 10));
    }

    [Test]
    public void Rollouts_whose_rule_lets_no_more_pass_are_not_filled_up_for_ever()
    {
        var rule = new ClosingRule(opensFor: 1);
        var learner = new RecordingStartStateEstimator();
        Train(learner, steps: Exploration + 10, rollouts: options => (options.Rule, options.Interval, options.Length, options.BatchSize) = (rule, 10, 4, 6));
        // The first time there is a round that keeps its rows and one that does not; then one that keeps nothing each time.
        Assert.That(rule.Begun, Is.EqualTo(1 + ((learner.Starts.Count + 9) / 10)));
    }

    [Test]
    public void A_rule_that_keeps_nothing_at_all_is_told_of()
    {
        var fault = Assert.Throws<TrainingFailedException>(
            () => Train(new RecordingStartStateEstimator(), steps: Exploration + 10, rollouts: options => options.Rule = new ClosingRule(opensFor: 0)))!;
        Assert.That(fault.InnerException, Is.TypeOf<InvalidOperationException>().With.Message.Contains("kept none").And.Message.Contains("lets more pass"));
    }

    [Test]
    public void A_run_that_is_stopped_at_any_update_goes_on_exactly([Values] bool afterFit, [Values(1, 4, 63, 64, 90, 101, 140)] int stopAt)
    {
        using var folder = new TemporaryFolder();
        var whole = new RecordingStartStateEstimator();
        var expected = Metrics(Train(whole, steps: Exploration + 45, options => options.UpdatesAfterFit = afterFit, folder: folder["whole"]));
        using var stop = new CancellationTokenSource();
        var before = new RecordingStartStateEstimator { OnUpdate = update => { if (update == stopAt) stop.Cancel(); } };
        Assert.That(
            () => Train(before, steps: Exploration + 45, options => (options.UpdatesAfterFit, options.CancellationToken) = (afterFit, stop.Token),
                folder: folder["stopped"]),
            Throws.TypeOf<TrainingCanceledException>());
        var after = new RecordingStartStateEstimator();
        Assert.That(
            Metrics(Train(after, steps: Exploration + 45, options => options.UpdatesAfterFit = afterFit, folder: folder["stopped"])), Is.EqualTo(expected));
        Assert.That(before.Starts.Concat(after.Starts), Is.EqualTo(whole.Starts), "the same start states");
    }

    [Test]
    public void A_learner_of_minibatches_is_refused_with_the_one_to_take()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Train(new RecordingPolicyEstimator(), steps: Exploration + 2));
        Assert.That(exception!.Message, Does.Contain(nameof(IStartStateLearner)).And.Contain("rl.Policies.ValueGradient"));
    }

    private static string[] Metrics(TrainingReport report)
    {
        report.Policy.Dispose();
        return [
            .. report.History.SelectMany(epoch => epoch.Values.Where(metric => !metric.Key.StartsWith("time/", StringComparison.Ordinal))
                .Select(metric => $"{epoch.Step} {metric.Key} {metric.Value:R}"))];
    }

    private static TrainingReport Train(
        IPolicyEstimator learner, int steps, Action<DoubleHorizonTrainer.Options>? change = null, Action<DistributionRollouts.Options>? rollouts = null,
        IDynamicsEstimator? model = null, string? folder = null, Action? stepped = null)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        var options = new DoubleHorizonTrainer.Options
        {
            Steps = steps,
            InitialExplorationSteps = Exploration,
            EpochLength = 20,
            ModelTrainingInterval = Interval,
            CriticUpdatesPerFit = CriticUpdates,
            UpdatesPerStep = 2,
            EvaluationEpisodes = 1,
            ModelReturnRollouts = 0,
            Seed = 4,
        };
        change?.Invoke(options);
        if (folder is not null) options.Checkpoints = new Checkpointing { Folder = folder, Every = null };
        var distribution = new DistributionRollouts.Options { Length = 5, BatchSize = 8, Interval = 7, Capacity = 100 };
        rollouts?.Invoke(distribution);
        using var rail = new Rail { Stepped = stepped };
        var trainer = rl.DoubleHorizonMbpo(rail, options, model ?? new LineDynamicsEstimator(), rl.Rollouts.Distribution(distribution), learner);
        return folder is not null && Checkpointing.Exists(folder) ? trainer.Resume(folder) : trainer.Train();
    }

    // The line's physics; an episode can be stopped and continued.
    private sealed class Rail : IStatefulEnvironment
    {
        private double _x;
        private int _step;

        public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(1);

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -2, 2);

        public int StateSize => 2;

        public Action? Stepped { get; init; }

        public void Reset(int seed, Span<double> observation) => (_x, _step, observation[0]) = (seed % 100 / 100.0, 0, seed % 100 / 100.0);

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            Stepped?.Invoke();
            (_x, _step) = (_x + (0.3 * action[0]), _step + 1);
            observation[0] = _x;
            return new StepResult(1 - Math.Abs(_x), Math.Abs(_x) > 2, _step >= 20);
        }

        public void GetState(Span<double> state) => (state[0], state[1]) = (_x, _step);

        public void SetState(ReadOnlySpan<double> state) => (_x, _step) = (state[0], (int)state[1]);

        public void Dispose()
        {
        }
    }

    // Keeps what the first rounds imagine, one step each, and nothing later.
    private sealed class ClosingRule(int opensFor) : IRolloutRule
    {
        public int Begun { get; private set; }

        public void Begin(long rollouts) => Begun++;

        public RolloutVerdict Judge(RolloutStep step) => new()
        {
            GoesOn = TorchSharp.torch.zeros_like(step.Reward, TorchSharp.torch.@bool),
            Keeps = TorchSharp.torch.full_like(step.Reward, Begun <= opensFor, TorchSharp.torch.@bool),
        };
    }

    // Ends every rollout after two steps.
    private sealed class CountingRule : IRolloutRule
    {
        public int Begun { get; private set; }

        public void Begin(long rollouts) => Begun++;

        public RolloutVerdict Judge(RolloutStep step) => new() { GoesOn = TorchSharp.torch.full_like(step.Reward, step.Index < 1, TorchSharp.torch.@bool) };
    }
}
