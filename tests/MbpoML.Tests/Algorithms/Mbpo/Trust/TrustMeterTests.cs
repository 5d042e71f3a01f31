using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Imagination;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Training;
using MbpoML.Tests.Training.Checkpoints;
using MbpoML.Theory;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Tests.Algorithms.Mbpo.Trust;

/// <summary>Rollouts as long as the bound recommends, from what a run measures.</summary>
public class TrustMeterTests
{
    [Test]
    public void Each_length_is_the_bounds_optimum_for_what_was_measured()
    {
        var seen = new List<(RolloutScheduleContext Context, int Length)>();
        var schedule = new Listening(RolloutSchedule.BoundRecommended(longest: 12), seen);
        var preset = SmallRuns.Preset(steps: 400);
        preset.Rollouts.Schedule = schedule;
        using var environment = new LineEnvironment();
        var report = new MLContext(seed: 1).Reinforcement().Mbpo(environment, preset).Train();
        report.Policy.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(seen, Has.Count.EqualTo(7), "every 50 steps from 50 on");
            Assert.That(seen[0], Is.EqualTo((new RolloutScheduleContext(0, 50), 1)), "at first there is no transition that the model has not seen");
            foreach (var (context, length) in seen.Skip(1))
            {
                Assert.That(context.Trust, Is.Not.Null);
                var trust = context.Trust!.Value;
                Assert.That(trust.ModelError, Is.GreaterThan(0).And.LessThan(1));
                Assert.That(trust.PolicyShift, Is.GreaterThan(0).And.LessThanOrEqualTo(1), "the policy has moved from those that collected the data");
                Assert.That(trust.ErrorOnData, Is.GreaterThan(0).And.LessThan(1));
                Assert.That(trust.Slope, Is.EqualTo((trust.ModelError - trust.ErrorOnData) / trust.PolicyShift));
                Assert.That(trust.Generalization.ErrorAt(trust.PolicyShift), Is.EqualTo(trust.ModelError).Within(1e-12),
                    "the line goes through what was measured");
                Assert.That(trust.MaxReward, Is.GreaterThan(0.5).And.LessThanOrEqualTo(1.6), "1 - |x| with |x| up to one step beyond 2");
                Assert.That(length, Is.EqualTo(Math.Max(1, OptimalRolloutLength.Of(trust.ModelError, trust.PolicyShift, 0.99, 12))));
            }

            var last = report.History[^1].Values;
            Assert.That((last[MetricNames.RolloutModelError], last[MetricNames.RolloutPolicyShift]),
                Is.EqualTo((seen[^1].Context.Trust!.Value.ModelError, seen[^1].Context.Trust!.Value.PolicyShift)));
            var trusted = seen[^1].Context.Trust!.Value;
            Assert.That(
                (last[MetricNames.RolloutErrorOnData], last[MetricNames.RolloutErrorSlope], last[MetricNames.RolloutMaxReward]),
                Is.EqualTo((trusted.ErrorOnData, trusted.Slope, trusted.MaxReward)));
            Assert.That(last[MetricNames.RolloutLength], Is.EqualTo(seen[^1].Length));
        });
    }

    [Test]
    public void Measuring_changes_nothing_else()
    {
        float[] Actions(bool measured)
        {
            var preset = SmallRuns.Preset(steps: 200);
            preset.Rollouts.Schedule = measured ? RolloutSchedule.BoundRecommended(longest: 2, shortest: 2) : RolloutSchedule.Constant(2);
            return SmallRuns.Train(new MLContext(seed: 1).Reinforcement(), preset);
        }

        Assert.That(Actions(measured: true), Is.EqualTo(Actions(measured: false)));
    }

    [Test]
    public void A_run_that_measures_is_resumed_as_exactly_as_any([Values(OverlappedStages.None, OverlappedStages.Environment)] OverlappedStages overlap)
    {
        using var folder = new TemporaryFolder();
        void Change(MbpoPreset preset)
        {
            preset.Rollouts.Schedule = RolloutSchedule.BoundRecommended(longest: 4);
            preset.Trainer.Overlap = overlap;
        }

        using var undisturbed = new StopAndGo(folder["undisturbed"], Change);
        var expected = undisturbed.RunThrough();
        var random = new Random(3);
        using var stopped = new StopAndGo(folder["stopped"], Change);
        TrainingReport? report = null;
        while (report is null) report = stopped.Go(random.Next(8, undisturbed.Ticks / 5), 0);
        Assert.That(StopAndGo.Metrics(report), Is.EqualTo(StopAndGo.Metrics(expected)).And.Some.Contains(MetricNames.RolloutPolicyShift));
        Assert.That(CheckpointContent.Of(folder["stopped"]), Is.EquivalentTo(CheckpointContent.Of(folder["undisturbed"])));
        report.Policy.Dispose();
        expected.Policy.Dispose();
    }

    [Test]
    public void Another_kind_of_model_is_refused_before_anything_is_trained()
    {
        var mlContext = new MLContext(seed: 1);
        var rl = mlContext.Reinforcement();
        using var environment = new LineEnvironment();
        var trainer = rl.Mbpo(environment, SmallRuns.Preset(100).Trainer, new ExactDynamicsEstimator(mlContext),
            rl.Rollouts.Branched(RolloutSchedule.BoundRecommended()));
        Assert.That(() => trainer.Train(), Throws.ArgumentException.With.Message.Contains("only an ensemble"));
        Assert.That(environment.Steps, Is.Zero);
    }

    private sealed class Listening(IRolloutSchedule schedule, List<(RolloutScheduleContext Context, int Length)> seen) : IRolloutSchedule
    {
        public bool NeedsTrust => schedule.NeedsTrust;

        public int GetLength(RolloutScheduleContext context)
        {
            var length = schedule.GetLength(context);
            seen.Add((context, length));
            return length;
        }
    }
}
