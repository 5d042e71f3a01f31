using MbpoML.Algorithms.Offline;
using MbpoML.Algorithms.Offline.Imagined;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Policies;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests.Imagined;

/// <summary>The penalties of MOPO, MOReL and MOBILE are what plain loops make of their definitions.</summary>
public class PenaltyTests
{
    private const int Members = 3, Rows = 5, Outputs = 3;
    private static readonly TransitionLayout Layout = new(2, 1);
    private static readonly CountedOutputs All = new(isRewardKnown: false, new SetPoints([]));
    private readonly float[,,] _mean = new float[Members, Rows, Outputs], _deviation = new float[Members, Rows, Outputs];
    private MembersModel _model = null!;
    private Generator _generator = null!;

    [SetUp]
    public void Draw()
    {
        var random = new MbpoML.Numerics.Random.RandomSource(3);
        foreach (var (member, row, output) in Places())
            (_mean[member, row, output], _deviation[member, row, output]) = ((float)random.NextNormal(), (float)random.NextUniform(0.1, 2));
        _model = new MembersModel(Layout, Members, (observation, _) =>
        {
            var count = observation.size(0);
            Tensor Of(float[,,] values) => tensor(values).narrow(1, 0, count).clone();
            return (Of(_mean), Of(_deviation));
        });
        _generator = new Generator(1, CPU);
    }

    [TearDown]
    public void Free() => _generator.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    public void MOPO_takes_the_largest_norm_of_the_deviations(bool isScaled)
    {
        double[] scale = [2, 0.5, 3];
        var expected = Enumerable.Range(0, Rows).Select(row => Enumerable.Range(0, Members).Max(member => Math.Sqrt(
            Enumerable.Range(0, Outputs).Sum(output => Math.Pow(_deviation[member, row, output] / (isScaled ? scale[output] : 1), 2)) /
                (isScaled ? Outputs : 1))));
        Assert.That(Uncertainty(ModelUncertainty.LargestDeviation, isScaled ? scale : null), Is.EqualTo(expected).Within(1e-5));
    }

    [Test]
    public void Disagreement_is_the_largest_distance_from_the_mean()
    {
        var expected = Enumerable.Range(0, Rows).Select(row => Enumerable.Range(0, Members).Max(member => Math.Sqrt(
            Enumerable.Range(0, Outputs).Sum(output => Math.Pow(_mean[member, row, output] - MeanOf(row, output), 2)))));
        Assert.That(Uncertainty(ModelUncertainty.MeanDisagreement, null), Is.EqualTo(expected).Within(1e-5));
    }

    [Test]
    public void The_deviation_of_the_ensemble_has_both_variances()
    {
        var expected = Enumerable.Range(0, Rows).Select(row => Math.Sqrt(Enumerable.Range(0, Outputs).Average(output =>
            Enumerable.Range(0, Members).Average(
                member => Math.Pow(_mean[member, row, output] - MeanOf(row, output), 2) + Math.Pow(_deviation[member, row, output], 2)))));
        Assert.That(Uncertainty(ModelUncertainty.EnsembleDeviation, null), Is.EqualTo(expected).Within(1e-5));
    }

    [Test]
    public void The_penalty_is_taken_from_the_reward()
    {
        using var scope = NewDisposeScope();
        var rule = new UncertaintyPenalty(2, ModelUncertainty.LargestDeviation, standardizes: false, All);
        ((IRolloutRule)rule).Begin(new RolloutBeginning(Rows, _model, null, _generator));
        var reward = ((IRolloutRule)rule).Judge(Step()).Reward!.data<float>().ToArray();
        var uncertainty = Uncertainty(ModelUncertainty.LargestDeviation, null);
        Assert.Multiple(() =>
        {
            Assert.That(reward, Is.EqualTo(uncertainty.Select(value => (float)(1 - (2 * value)))).Within(1e-5f));
            Assert.That(((IRolloutRule)rule).TakeMetrics()[OfflineMetricNames.PenaltyMean], Is.EqualTo(2 * uncertainty.Average()).Within(1e-5));
        });
    }

    // The model's own word on a known reward is not used, and that on set points neither: they count neither in the sum nor in the divisor.
    [Test]
    public void A_known_reward_and_set_points_do_not_count(
        [Values] ModelUncertainty kind, [Values] bool isScaled, [Values] bool isRewardKnown, [Values] bool hasSetPoint)
    {
        double[] scale = isScaled ? [2, 0.5, 3] : [1, 1, 1];
        int[] counted = [.. Enumerable.Range(0, Outputs).Where(output => !(isRewardKnown && output == 0) && !(hasSetPoint && output == 2))];
        double Squared(double value, int output) => Math.Pow(value / scale[output], 2);
        double Largest(int row, Func<int, int, double> of) => Enumerable.Range(0, Members).Max(
            member => Math.Sqrt(counted.Sum(output => Squared(of(member, output), output)) / (isScaled ? counted.Length : 1)));
        double Expected(int row) => kind switch
        {
            ModelUncertainty.LargestDeviation => Largest(row, (member, output) => _deviation[member, row, output]),
            ModelUncertainty.MeanDisagreement => Largest(row, (member, output) => _mean[member, row, output] - MeanOf(row, output)),
            _ => Math.Sqrt(counted.Average(output => Enumerable.Range(0, Members).Average(
                member => Squared(_mean[member, row, output] - MeanOf(row, output), output) + Squared(_deviation[member, row, output], output)))),
        };
        Assert.That(
            Uncertainty(kind, isScaled ? scale : null, new CountedOutputs(isRewardKnown, new SetPoints(hasSetPoint ? [1] : []))),
            Is.EqualTo(Enumerable.Range(0, Rows).Select(Expected)).Within(1e-5));
    }

    [Test]
    public void The_penalty_of_a_trainer_leaves_out_what_its_options_know()
    {
        using var scope = NewDisposeScope();
        var rule = new MopoTrainer.Options
        {
            Reward = RewardFunction.FromRow((_, _, _) => 1),
            SetPoints = [1],
            Penalty = 2,
            StandardizesPenalty = false,
        }.Rule()!;
        rule.Begin(new RolloutBeginning(Rows, _model, null, _generator));
        var expected = Enumerable.Range(0, Rows).Select(row => (float)(1 - (2 * Enumerable.Range(0, Members).Max(
            member => Math.Abs(_mean[member, row, 1] - MeanOf(row, 1))))));
        Assert.That(rule.Judge(Step()).Reward!.data<float>().ToArray(), Is.EqualTo(expected).Within(1e-5f));
    }

    // Members are 2 |s| apart in the first number, and far apart in the reward that is known and in the set point.
    [Test]
    public void The_threshold_of_a_trainer_leaves_out_what_its_options_know()
    {
        using var scope = NewDisposeScope();
        var model = new MembersModel(Layout, 2, (observation, _) =>
        {
            var place = observation.narrow(1, 0, 1);
            var mean = stack([cat([place + 99, place * 2, place + 99], 1), cat([place, place * 0, place], 1)], 0);
            return (mean, ones_like(mean));
        });
        using var log = new ReplayPool(Layout, 10);
        // The first number never changes, so that its unit is 1.
        log.Append(tensor(new float[,] { { 1, 0, 0, -1, 1, 5, 0, 0 }, { -1, 5, 0, 3, -1, 0, 0, 1 } }));
        IRolloutRule rule = new MorelTrainer.Options { Reward = RewardFunction.FromRow((_, _, _) => 1), SetPoints = [1], PessimismCoefficient = 2 }.Rule();
        rule.Begin(new RolloutBeginning(2, model, log, _generator));
        var observation = tensor(new float[,] { { 0.4f, 0 }, { 0.6f, 0 } });
        var verdict = rule.Judge(new RolloutStep(0, arange(2), observation, zeros(2, 1), observation, ones(2), zeros(2, ScalarType.Bool), model));
        Assert.That(rule.TakeMetrics()[OfflineMetricNames.HaltThreshold], Is.EqualTo(1).Within(1e-6), "2 over the coefficient");
        Assert.That(verdict.Ends!.data<bool>().ToArray(), Is.EqualTo(new[] { false, true }), "0.8 and 1.2 apart");
    }

    [Test]
    public void MOBILE_takes_how_much_members_disagree_about_what_follows()
    {
        using var scope = NewDisposeScope();
        var rows = ones(Rows, Layout.Width);
        Layout.Terminated(rows).copy_(tensor(new[] { 0f, 0, 1, 0, 0 }));
        var value = new SquareValue();
        new ValueInconsistency(1.5, samples: 0).Apply(Layout, rows, _model, value, _generator);
        var expected = Enumerable.Range(0, Rows).Select(row =>
        {
            double[] values = [.. Enumerable.Range(0, Members).Select(
                member => (double)(_mean[member, row, 1] * _mean[member, row, 1]) + (_mean[member, row, 2] * _mean[member, row, 2]))];
            return row == 2 ? 1 : 1 - (1.5 * Math.Sqrt(values.Average(one => Math.Pow(one - values.Average(), 2))));
        });
        Assert.That(Layout.Reward(rows).clone().data<float>().ToArray().Select(one => (double)one), Is.EqualTo(expected).Within(1e-4));
    }

    [Test]
    public void Noise_that_members_share_is_no_disagreement()
    {
        using var scope = NewDisposeScope();
        var alike = new MembersModel(Layout, Members, (observation, _) =>
            (zeros(Members, observation.size(0), Outputs), ones(Members, observation.size(0), Outputs)));
        var inconsistency = new ValueInconsistency(1, samples: 4).Of(Layout, ones(Rows, Layout.Width), alike, new SquareValue(), _generator);
        Assert.That(inconsistency.abs().max().item<float>(), Is.Zero.Within(1e-6));
    }

    // Members are 2 w |s| apart in the next observation: of a log that reaches |s| = 1 that is the threshold, times 1 over the coefficient.
    [Test]
    public void MOReL_halts_where_members_are_further_apart_than_in_the_log()
    {
        using var scope = NewDisposeScope();
        var model = MembersModel.Apart(width: 1);
        using var log = new ReplayPool(model.Layout, 10);
        log.Append(tensor(new float[,] { { 1, 0, -1, 2, 0, 0 }, { -1, 0, 3, 1, 0, 1 } }));
        var rule = new HaltRule(coefficient: 2, haltSteps: 10, All);
        IRolloutRule judge = rule;
        judge.Begin(new RolloutBeginning(3, model, log, _generator));
        var observation = tensor(new float[,] { { 0.4f }, { 0.6f }, { -0.9f } });
        var step = new RolloutStep(0, arange(3), observation, zeros(3, 1), observation + 1, ones(3), zeros(3, ScalarType.Bool), model);
        var verdict = judge.Judge(step);
        Assert.Multiple(() =>
        {
            Assert.That(verdict.Ends!.data<bool>().ToArray(), Is.EqualTo(new[] { false, true, true }));
            Assert.That(rule.HaltReward, Is.EqualTo((10 * -1.0) - 4));
            Assert.That(verdict.Reward!.data<float>().ToArray(), Is.EqualTo(new[] { 1f, -14, -14 }));
            Assert.That(judge.TakeMetrics()[OfflineMetricNames.HaltedFraction], Is.EqualTo(2.0 / 3).Within(1e-9));
        });
    }

    [Test]
    public void A_step_that_a_rule_ends_is_a_terminated_transition()
    {
        using var scope = NewDisposeScope();
        var model = MembersModel.Apart(width: 0);
        var rows = new List<Tensor>();
        new BranchedRolloutGenerator(new ImaginedEnvironment(model), new EndingRule()).Generate(
            tensor(new float[,] { { -10 }, { 5 } }), 3, LineLog.Linear(0), _generator, (made, _) => rows.Add(made.clone().DetachFromDisposeScope()));
        var all = cat(rows, 0);
        var (ended, cut) = (model.Layout.Terminated(all).sum().item<float>(), model.Layout.Truncated(all).sum().item<float>());
        Assert.That((all.size(0), ended, cut), Is.EqualTo((4L, 1f, 1f)), "the second rollout ends in its first step, the other goes on to the horizon");
    }

    private double[] Uncertainty(ModelUncertainty kind, double[]? scale, CountedOutputs? counted = null)
    {
        using var scope = NewDisposeScope();
        var unit = scale is null ? null : tensor(scale).to(ScalarType.Float32).unsqueeze(0);
        var all = UncertaintyPenalty.Uncertainty(_model, zeros(Rows, 2), zeros(Rows, 1), kind, unit, counted ?? All);
        return [.. all.data<float>().ToArray().Select(value => (double)value)];
    }

    private RolloutStep Step() => new(0, arange(Rows), zeros(Rows, 2), zeros(Rows, 1), zeros(Rows, 2), ones(Rows), zeros(Rows, ScalarType.Bool), _model);

    private double MeanOf(int row, int output) => Enumerable.Range(0, Members).Average(member => (double)_mean[member, row, output]);

    private static IEnumerable<(int Member, int Row, int Output)> Places() =>
        from member in Enumerable.Range(0, Members)
        from row in Enumerable.Range(0, Rows)
        from output in Enumerable.Range(0, Outputs)
        select (member, row, output);

    private sealed class SquareValue : IStateValue
    {
        public Tensor Value(Tensor observation) => observation.pow(2).sum(1);
    }

    private sealed class EndingRule : IRolloutRule
    {
        public RolloutVerdict Judge(RolloutStep step) => new() { Ends = step.Observation.select(1, 0).gt(4) };
    }
}
