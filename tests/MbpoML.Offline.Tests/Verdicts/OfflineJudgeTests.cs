using MbpoML.Acting;
using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments.Functions;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests.Verdicts;

/// <summary>Planted policies on the line task: one clearly better than the logged controller, one clearly worse, and some of which the log says
/// nothing.</summary>
public class OfflineJudgeTests
{
    private const double LoggedGain = 0.4;
    private OfflineJudge _judge = null!;

    // A lazy controller with much noise, which shows what other actions do.
    [OneTimeSetUp]
    public void Prepare() => _judge = JudgeOf(LineLog.Of(episodes: 80, LoggedGain, noise: 0.8));

    [OneTimeTearDown]
    public void Free() => _judge.Dispose();

    [Test]
    public void A_policy_that_is_clearly_better_is_better()
    {
        var (report, policy) = Judge(-2);
        Assert.Multiple(() =>
        {
            Assert.That(report.Verdict, Is.EqualTo(OfflineVerdict.Better), report.ToString());
            Assert.That(
                LineLog.Return(policy) - LineLog.Return(_judge.Clone),
                Is.GreaterThan(report.Model.OverClone.Value - report.Model.OverClone.HalfWidth), "the promise is kept");
            Assert.That(report.FittedQ.Policy, Has.Count.EqualTo(3));
            Assert.That(report.Calibration.Coverage90, Is.InRange(0.6, 1));
            Assert.That(report.Calibration.ErrorBySteps[^1], Is.LessThan(report.Calibration.UnchangedBySteps[^1]));
        });
    }

    [Test]
    public void A_policy_that_is_clearly_worse_is_worse()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Judge(0.3).Report.Verdict, Is.EqualTo(OfflineVerdict.Worse), "it drives away");
        });
    }

    // Its controller is lazier than the log's. The log has noise as well, which the clone has not.
    [Test]
    public void A_policy_between_log_and_clone_is_worse_than_the_clone_alone()
    {
        var (report, policy) = Judge(-0.2);
        Assert.Multiple(() =>
        {
            Assert.That(report.Verdict, Is.EqualTo(OfflineVerdict.WorseThanClone), report.ToString());
            Assert.That(LineLog.Return(policy), Is.LessThan(LineLog.Return(_judge.Clone)).And.GreaterThan(report.Model.Log), "what it really earns");
        });
    }

    [Test]
    public void The_clone_itself_is_not_said_to_be_better()
    {
        var report = _judge.Judge(_judge.Clone);
        Assert.That(report.Model.PolicyMean, Is.EqualTo(report.Model.CloneMean).Within(1e-6), report.ToString());
        Assert.That(report.Model.Policy, Is.EqualTo(report.Model.Cloned).Within(1e-6));
    }

    [Test]
    public void A_narrow_log_does_not_say_whether_other_actions_are_better()
    {
        using var judge = JudgeOf(LineLog.Of(episodes: 40, LoggedGain, noise: 0.02));
        var report = judge.Judge(LineLog.Linear(-2));
        Assert.Multiple(() =>
        {
            Assert.That(report.Verdict, Is.EqualTo(OfflineVerdict.NotDecidable), report.ToString());
            Assert.That(report.Distance.PolicyOutside, Is.GreaterThan(0.1));
            Assert.That(report.Distance.CloneOutside, Is.LessThan(report.Distance.PolicyOutside));
            Assert.That(report.DataWanted, Is.Not.Empty);
        });
    }

    [Test]
    public void Equal_seeds_give_equal_reports()
    {
        var log = LineLog.Of(episodes: 20, LoggedGain, noise: 0.8);
        double[] Numbers()
        {
            using var judge = JudgeOf(log, updates: 40);
            var report = judge.Judge(LineLog.Linear(-1));
            return [.. report.FittedQ.Policy, .. report.Model.Policy, report.Distance.PolicyOutside, report.Calibration.ReturnBias];
        }

        var first = Numbers();
        Assert.That(Numbers(), Is.EqualTo(first));
    }

    // A user writes a reward for numbers: the root has none far away.
    [Test]
    public void Where_the_model_leaves_the_range_of_numbers_a_reward_by_row_decides_nothing()
    {
        var reward = RewardFunction.FromRow((_, _, next) => Math.Sign(1 - Math.Abs(next[0])) * MathF.Sqrt(9 - (next[0] * next[0])));
        using var judge = JudgeOf(LineLog.Of(episodes: 20, LoggedGain, noise: 0.4), updates: 40, reward, new PlantedEstimator(layout => new MembersModel(
            layout, 2, (observation, action) =>
            {
                // The log has no such action.
                var next = where(action.abs() > 1.9f, full_like(observation, float.NaN), observation + action);
                var mean = cat([zeros_like(next), next], 1).unsqueeze(0).expand(2, -1, -1).clone();
                return (mean, full_like(mean, 0.1f));
            })));
        var report = judge.Judge(LineLog.Linear(-40));
        Assert.Multiple(() =>
        {
            Assert.That(report.Verdict, Is.EqualTo(OfflineVerdict.NotDecidable), report.ToString());
            Assert.That(report.Summary, Does.Contain("leaves the range of numbers"));
            Assert.That(report.Model.Cloned, Has.All.GreaterThan(double.NegativeInfinity), "the clone stays where the model holds");
        });
    }

    [Test]
    public void A_reward_that_a_logged_row_has_not_is_refused_with_the_row()
    {
        var reward = RewardFunction.FromRow((observation, _, _) => MathF.Log(observation[0]));
        Assert.That(() => JudgeOf(LineLog.Of(episodes: 2, LoggedGain, noise: 0.4), updates: 1, reward), Throws.ArgumentException.With.Message.Match(
            @"Reward gives NaN for row \d+ of the log.* observation \[-").And.Message.Contains("--reward"));
    }

    private (JudgeReport Report, IPolicy Policy) Judge(double gain)
    {
        var policy = LineLog.Linear(gain);
        return (_judge.Judge(policy), policy);
    }

    private static OfflineJudge JudgeOf(IDataView log, int updates = 1500, IRewardFunction? reward = null, IDynamicsEstimator? dynamics = null)
    {
        var rl = new MLContext(1).Reinforcement();
        return rl.Offline.JudgeOf(
            log,
            new OfflineJudge.Options
            {
                FittedQUpdates = updates,
                FittedQLearningRate = 1e-3,
                BatchSize = 64,
                CloneUpdates = 2 * updates,
                MaxStarts = 60,
                Discount = 0.9,
                Seed = 1,
                Termination = LineLog.Termination,
                Reward = reward,
            },
            dynamics ?? rl.Dynamics.ProbabilisticEnsemble(new ProbabilisticEnsembleTrainer.Options
            {
                MemberCount = 4,
                EliteCount = 4,
                HiddenSizes = [32, 32],
                BatchSize = 64,
                MaxOptimizerSteps = updates,
                TargetNormalization = true,
            }));
    }

    private sealed class PlantedEstimator(Func<TransitionLayout, IDynamicsModel> model) : IDynamicsEstimator
    {
        public IDynamicsLearner CreateLearner(TransitionLayout layout, int seed, string? device = null) => new Planted(model(layout));
    }
}
