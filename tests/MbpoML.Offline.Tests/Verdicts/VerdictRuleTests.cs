using MbpoML.Algorithms.Offline.Verdicts;

namespace MbpoML.Offline.Tests.Verdicts;

/// <summary>A verdict is better or worse only where all estimates agree by more than their errors, and near the data.</summary>
[Category("Text")]
public class VerdictRuleTests
{
    private static readonly LogFacts Facts = new(1000, 10, 10, 100, 0.99, 0.01);

    [Test]
    public void Two_clear_gains_near_the_data_are_better()
    {
        var report = Decide(Of(5, 1), Of(50, 10));
        Assert.Multiple(() =>
        {
            Assert.That(report.Verdict, Is.EqualTo(OfflineVerdict.Better));
            Assert.That(report.Confidence, Is.GreaterThan(0.975));
            Assert.That(report.Summary, Does.Contain("50 ± 10").And.Contain("confidence"));
            Assert.That(report.DataWanted, Is.Empty);
        });
    }

    [Test]
    public void Two_clear_losses_are_worse() => Assert.That(Decide(Of(-5, 1), Of(-50, 10)).Verdict, Is.EqualTo(OfflineVerdict.Worse));

    [TestCase(0.5, 50)]
    [TestCase(5, 5)]
    [TestCase(-5, 50)]
    [TestCase(5, -50)]
    [TestCase(5, double.NaN)]
    public void One_estimate_alone_decides_nothing(double fittedQ, double model)
    {
        var report = Decide(Of(fittedQ, 1), Of(model, double.IsNaN(model) ? double.PositiveInfinity : 10));
        Assert.Multiple(() =>
        {
            Assert.That(report.Verdict, Is.EqualTo(OfflineVerdict.NotDecidable));
            Assert.That(report.DataWanted, Is.Not.Empty);
        });
    }

    [TestCase(0.5, 50, ExpectedResult = OfflineVerdict.Better)]
    [TestCase(-0.5, 50, ExpectedResult = OfflineVerdict.Better)]
    [TestCase(0.5, -50, ExpectedResult = OfflineVerdict.Worse)]
    [TestCase(0.5, 5, ExpectedResult = OfflineVerdict.NotDecidable)]
    [TestCase(-5, 50, ExpectedResult = OfflineVerdict.NotDecidable)]
    [TestCase(5, -50, ExpectedResult = OfflineVerdict.NotDecidable)]
    public OfflineVerdict A_proven_model_decides_alone_unless_fitted_Q_evaluation_contradicts_it(double fittedQ, double model) =>
        Decide(Of(fittedQ, 1), Of(model, 10), correlation: 0.96).Verdict;

    [Test]
    public void A_model_that_decides_alone_says_so_and_its_confidence_is_its_own()
    {
        var report = Decide(Of(-0.5, 1), Of(50, 10), correlation: 0.97);
        Assert.That(report.Reasons[^1], Does.Contain("decides alone").And.Contain("0.97"));
        Assert.That(report.Confidence, Is.GreaterThan(0.99));
        Assert.That(Decide(Of(5, 1), Of(50, 10), correlation: 0.97).Reasons, Has.None.Contains("decides alone"), "both agree");
        Assert.That(Decide(Of(-0.5, 1), Of(50, 10), outside: 0.6, correlation: 0.97).Verdict, Is.EqualTo(OfflineVerdict.NotDecidable), "far from the log");
    }

    [Test]
    public void Far_from_the_data_nothing_is_decidable_and_the_data_that_are_missing_are_named()
    {
        var report = Decide(Of(5, 1), Of(50, 10), outside: 0.6);
        Assert.Multiple(() =>
        {
            Assert.That(report.Verdict, Is.EqualTo(OfflineVerdict.NotDecidable));
            Assert.That(report.DataWanted[0], Does.Contain("action 0 above 0.8"));
        });
    }

    [Test]
    public void Far_from_the_data_in_one_dimension_alone_nobody_is_better()
    {
        var report = Decide(Of(5, 1), Of(50, 10), inDimension: 0.34);
        Assert.Multiple(() =>
        {
            Assert.That(report.Verdict, Is.EqualTo(OfflineVerdict.NotDecidable));
            Assert.That(report.Reasons[^1], Does.Contain("action 0 above 0.8 in 34 %"));
            Assert.That(report.DataWanted, Has.Exactly(1).Contains("Record rows"));
        });
    }

    [TestCase(0.34, 0.28, ExpectedResult = OfflineVerdict.NotDecidable)]
    [TestCase(0.34, 0.3, ExpectedResult = OfflineVerdict.Better)]
    [TestCase(0.04, 0, ExpectedResult = OfflineVerdict.Better)]
    public OfflineVerdict A_dimension_in_which_the_clone_leaves_the_log_too_is_not_held_against_the_policy(double policy, double clone) =>
        Decide(Of(5, 1), Of(50, 10), inDimension: policy, cloneInDimension: clone).Verdict;

    [TestCase(0.01, 0.09, ExpectedResult = OfflineVerdict.NotDecidable)]
    [TestCase(0.05, 0.09, ExpectedResult = OfflineVerdict.Better)]
    [TestCase(0.9, 0.11, ExpectedResult = OfflineVerdict.NotDecidable)]
    public OfflineVerdict Where_the_clone_strays_a_little_the_policy_may_as_well(double cloneOutside, double outside) =>
        Decide(Of(5, 1), Of(50, 10), outside, cloneOutside: cloneOutside).Verdict;

    [Test]
    public void A_model_without_numbers_promises_nothing() =>
        Assert.That(Decide(Of(5, 1), Of(double.NaN, double.PositiveInfinity)).Summary, Does.Contain("range of numbers").And.Not.Contain("NaN"));

    [Test]
    public void Far_from_the_data_a_clear_loss_is_still_one() =>
        Assert.That(Decide(Of(-5, 1), Of(-50, 10), outside: 0.6).Verdict, Is.EqualTo(OfflineVerdict.Worse));

    [Test]
    public void A_model_that_is_too_sure_decides_nothing() =>
        Assert.That(Decide(Of(5, 1), Of(50, 10), coverage: 0.4).Verdict, Is.EqualTo(OfflineVerdict.NotDecidable));

    [Test]
    public void The_gain_is_counted_from_the_better_one_of_log_and_clone()
    {
        var estimate = VerdictRule.Compare("way", [[10, 12], [11, 13]], [[8, 8], [9, 9]], [9, 10], wrong: 0);
        Assert.Multiple(() =>
        {
            Assert.That(estimate.PolicyMean, Is.EqualTo(11.5));
            Assert.That(estimate.OverClone.Value, Is.EqualTo(3).Within(1e-9));
            Assert.That(estimate.OverLog.Value, Is.EqualTo(2).Within(1e-9));
            Assert.That(estimate.CloneOverLog.Value, Is.EqualTo(-1).Within(1e-9));
            Assert.That(estimate.Gain, Is.SameAs(estimate.OverLog), "the smaller one");
        });
    }

    // The estimators agree about the difference of policy and clone, and differ by 1 in what each is worth.
    [Test]
    public void Each_gain_has_the_spread_of_its_own_difference()
    {
        var estimate = VerdictRule.Compare("way", [[10, 12], [11, 13]], [[8, 8], [9, 9]], [9, 10], wrong: 0);
        var spread = 2 * Statistics.Deviation([11.0, 12.0]);
        Assert.Multiple(() =>
        {
            Assert.That(estimate.OverClone.HalfWidth, Is.EqualTo(Statistics.Mean([2.0, 4.0]).HalfWidth).Within(1e-9));
            Assert.That(estimate.OverLog.HalfWidth, Is.EqualTo(Statistics.Together(spread, Statistics.Mean([1.5, 2.5]).HalfWidth, 0)).Within(1e-9));
            Assert.That(estimate.CloneOverLog.HalfWidth, Is.EqualTo(Statistics.Together(spread, Statistics.Mean([-0.5, -1.5]).HalfWidth, 0)).Within(1e-9));
        });
    }

    [TestCase(-5, 5, ExpectedResult = OfflineVerdict.WorseThanClone)]
    [TestCase(-5, 0.5, ExpectedResult = OfflineVerdict.WorseThanClone)]
    [TestCase(-8, -5, ExpectedResult = OfflineVerdict.Worse)]
    [TestCase(5, -5, ExpectedResult = OfflineVerdict.Worse)]
    [TestCase(5, 0.5, ExpectedResult = OfflineVerdict.NotDecidable)]
    [TestCase(5, 5, ExpectedResult = OfflineVerdict.Better)]
    public OfflineVerdict Better_is_said_of_log_and_clone_and_worse_of_the_log(double overClone, double overLog) =>
        Decide(OfBoth(overClone, overLog), OfBoth(overClone, overLog)).Verdict;

    [Test]
    public void Who_is_worse_than_the_clone_alone_is_told_what_both_earn()
    {
        var summary = Decide(OfBoth(-5, 3), OfBoth(-5, 3)).Summary;
        Assert.That(summary, Does.Contain("clone of the log is better").And.Contain("-5 ± 1").And.Contain("3 ± 1 against the log"));
    }

    [TestCase(-0.5, true)]
    [TestCase(-5, false)]
    [TestCase(double.NaN, false)]
    public void The_clone_is_recommended_only_where_it_is_not_worse_than_the_log(double cloneOverLog, bool isRecommended)
    {
        var model = Of(0.5, 1) with { CloneOverLog = new EstimatedGain(cloneOverLog, 1) };
        if (double.IsNaN(cloneOverLog)) model = model with { Cloned = [double.NaN] };
        Assert.That(Decide(Of(0.5, 1), model).Summary, isRecommended ? Does.Contain("or its clone") : Does.Not.Contain("or its clone"));
    }

    // The lowest and the highest value that such rewards give are a hundred times the reward, or 0.
    [TestCase(20, 1, -2, 0, false)]
    [TestCase(20, 130, -2, 0, true)]
    [TestCase(20, 1, -2, 1, false)]
    [TestCase(20, 1, -2, 1.3, true)]
    [TestCase(-320, 1, -2, 0, false)]
    [TestCase(-220, 1, -2, 0, true)]
    public void A_value_that_the_logged_rewards_cannot_give_decides_nothing(double gain, double half, double least, double most, bool isPossible)
    {
        var (fittedQ, model) = (Of(gain, half), Of(10 * gain, 1));
        var facts = Facts with { LeastReward = least, MostReward = most };
        var report = Decide(fittedQ, model, facts: facts);
        Assert.That(report.Reasons, isPossible ? Has.None.Contains("logged rewards from") : Has.One.Contains("logged rewards from"));
        if (!isPossible) Assert.That(report.Verdict, Is.EqualTo(OfflineVerdict.NotDecidable));
    }

    [Test]
    public void What_an_estimate_is_wrong_by_where_the_truth_is_known_widens_its_interval() =>
        Assert.That(VerdictRule.Compare("way", [[1, 1], [1, 1]], [[0, 0], [0, 0]], [0, 0], wrong: 3).OverClone.HalfWidth, Is.EqualTo(3).Within(1e-9));

    private static ComparedEstimate Of(double gain, double half) => Of(new EstimatedGain(gain, half), new EstimatedGain(gain, half));

    // Half widths of 1.
    private static ComparedEstimate OfBoth(double overClone, double overLog) => Of(new EstimatedGain(overClone, 1), new EstimatedGain(overLog, 1));

    private static ComparedEstimate Of(EstimatedGain overClone, EstimatedGain overLog) =>
        new("way", [100 + overLog.Value], [100], 100, overClone, overLog, new EstimatedGain(0, 1));

    private static JudgeReport Decide(
        ComparedEstimate fittedQ, ComparedEstimate model, double outside = 0.04, double coverage = 0.9, double inDimension = 0.04,
        double cloneOutside = 0.01, double correlation = 0.9, double cloneInDimension = 0.01, LogFacts? facts = null) =>
        VerdictRule.Decide(new VerdictInputs(
            new OfflineJudge.Options(), fittedQ, model,
            new DataDistance(
                1, outside, cloneOutside, [0, 1], [0, 1], [new DimensionOutside(true, 0, true, 0.8, inDimension) { CloneShare = cloneInDimension }]),
            new ModelCalibration(200, 2, coverage, [0.1], [1], 0, 0, correlation), facts ?? Facts));
}
