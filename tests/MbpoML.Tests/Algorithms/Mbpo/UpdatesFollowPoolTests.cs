using MbpoML.Algorithms.Mbpo;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Tests.Fakes;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Algorithms.Mbpo;

/// <summary>
/// Rollouts of one step, 100 at a time after 40, 65, 90 and 115 steps; two times are an epoch, and the pool has room for the 200 transitions of an epoch.
/// </summary>
public class UpdatesFollowPoolTests
{
    private readonly MLContext _mlContext = new(1);

    // G is 3: half a pool gives 3 updates a step, a full one 6.
    [TestCase(1, new[] { 3, 6, 6, 6 })]
    [TestCase(2, new[] { 1, 3, 3, 3 })]
    // 33 are 0.99 updates, 66 are 1.98.
    [TestCase(3, new[] { 0, 1, 1, 1 })]
    [TestCase(50, new[] { 0, 0, 0, 0 })]
    [TestCase(1000, new[] { 0, 0, 0, 0 })]
    public void Updates_follow_the_filling(int everyNth, int[] updatesPerStep)
    {
        var (updates, report) = Train(everyNth, follows: true, byAge: true);
        Assert.Multiple(() =>
        {
            Assert.That(updates, Is.EqualTo(updatesPerStep.SelectMany((count, time) => Enumerable.Repeat(count, time == 3 ? 5 : 25)).Sum()));
            Assert.That(report.History[^1].Values[MetricNames.ModelPoolCount], Is.EqualTo(2 * Kept(everyNth)));
        });
    }

    [TestCase(true, 100)]
    [TestCase(false, 200)]
    public void Old_transitions_leave_by_age_only_where_it_is_asked_for(bool byAge, int expected)
    {
        var (updates, report) = Train(everyNth: 2, follows: false, byAge);
        Assert.Multiple(() =>
        {
            Assert.That(report.History[^1].Values[MetricNames.ModelPoolCount], Is.EqualTo(expected));
            Assert.That(updates, Is.EqualTo(3 * 80), "G without the option");
        });
    }

    [Test]
    public void What_is_left_are_the_newest()
    {
        using var line = new LineEnvironment();
        var stamp = 0;
        var rule = RolloutRule.All(
            RolloutRule.StopWhere(step => step.Rows.remainder(2).ne(0), keepsLastStep: false), RolloutRule.Penalise(step => full_like(step.Reward, ++stamp)));
        var policy = new RecordingPolicyEstimator();
        Train(line, policy, Options(follows: false), new BranchedRollouts.Options { BatchSize = 100, DropsByAge = true, Rule = rule });
        var stamps = policy.Batches.TakeLast(15).SelectMany(batch => batch.Chunk(6)).Select(row => ExactDynamicsEstimator.MarkedReward - row[2])
            .Where(penalty => penalty is > 0 and < 10).Distinct();
        Assert.That(stamps, Is.EquivalentTo(new float[] { 3, 4 }), "of the third and the fourth time");
    }

    [Test]
    public void Where_nothing_is_imagined_the_updates_stay()
    {
        using var line = new LineEnvironment();
        var policy = new RecordingPolicyEstimator();
        var options = Options(follows: true);
        options.RealRatio = 1;
        Train(line, policy, options, new BranchedRollouts.Options { DropsByAge = true });
        Assert.That(policy.Batches, Has.Count.EqualTo(3 * 80));
    }

    [Test]
    public void A_rule_that_keeps_nothing_is_told_of()
    {
        var fault = Assert.Throws<TrainingFailedException>(() => Train(1000, follows: false, byAge: false))!;
        Assert.That(fault.InnerException, Is.TypeOf<InvalidOperationException>().With.Message.Contains("kept none").And.Message.Contains("step 40"));
    }

    [Test]
    public void It_needs_transitions_that_leave_by_age() => Assert.That(
        () => Train(1, follows: true, byAge: false), Throws.ArgumentException.With.Message.Contains("DropsByAge"));

    private static int Kept(int everyNth) => Enumerable.Range(0, 100).Count(row => row % everyNth == everyNth - 1);

    private (int Updates, TrainingReport Report) Train(int everyNth, bool follows, bool byAge)
    {
        using var line = new LineEnvironment();
        var policy = new RecordingPolicyEstimator();
        var report = Train(line, policy, Options(follows), new BranchedRollouts.Options
        {
            BatchSize = 100,
            DropsByAge = byAge,
            Rule = RolloutRule.StopWhere(step => step.Rows.remainder(everyNth).ne(everyNth - 1), keepsLastStep: false),
        });
        return (policy.Batches.Count, report);
    }

    private TrainingReport Train(LineEnvironment line, RecordingPolicyEstimator policy, MbpoTrainer.Options options, BranchedRollouts.Options rollouts)
    {
        var rl = _mlContext.Reinforcement();
        return rl.Mbpo(line, options, new ExactDynamicsEstimator(_mlContext), rl.Rollouts.Branched(rollouts), policy).Train();
    }

    private static MbpoTrainer.Options Options(bool follows) => new()
    {
        Steps = 120,
        EpochLength = 50,
        InitialExplorationSteps = 40,
        ModelTrainingInterval = 25,
        UpdatesPerStep = 3,
        UpdatesFollowPool = follows,
        BatchSize = 40,
        EvaluationEpisodes = 0,
        Termination = TerminationFunction.FromRow((_, _, _) => false),
        Seed = 4,
    };
}
