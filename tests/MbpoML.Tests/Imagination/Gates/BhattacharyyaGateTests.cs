using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Imagination.Gates;
using MbpoML.Numerics;
using MbpoML.Saving;
using MbpoML.Tests.Fakes;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Tests.Imagination.Gates;

public class BhattacharyyaGateTests
{
    private DisposeScope _scope = null!;
    private Generator _generator = null!;

    [SetUp]
    public void SetUp() => (_scope, _generator) = (NewDisposeScope(), new Generator(3, CPU));

    [TearDown]
    public void TearDown()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    [TestCase(1)]
    // The squares of such deviations are no float32 numbers.
    [TestCase(1e-25)]
    [TestCase(1e15)]
    public void The_disagreement_is_that_of_a_plain_computation_in_any_unit(double unit)
    {
        const int Members = 4, Rows = 50, Outputs = 5;
        var mean = randn([Members, Rows, Outputs], generator: _generator) * unit;
        // Deviations from a hundredth to a hundredfold, and rows in which members nearly agree.
        var deviation = (randn([Members, Rows, Outputs], generator: _generator) * 1.5).exp() * unit;
        mean[1].copy_(mean[0] * (1 + 1e-6f));
        deviation[1].copy_(deviation[0] * (1 + 1e-3f));
        var disagreement = MemberDisagreement.Bhattacharyya(mean, deviation).data<float>().ToArray();
        var (means, deviations) = (mean.data<float>().ToArray(), deviation.data<float>().ToArray());
        for (var row = 0; row < Rows; row++)
        {
            var sum = 0.0;
            for (var one = 0; one < Members; one++)
            {
                for (var other = 0; other < one; other++)
                {
                    for (var output = 0; output < Outputs; output++)
                    {
                        var (i, j) = ((((one * Rows) + row) * Outputs) + output, (((other * Rows) + row) * Outputs) + output);
                        var variances = ((double)deviations[i] * deviations[i]) + ((double)deviations[j] * deviations[j]);
                        sum += Math.Pow((double)means[i] - means[j], 2) / (4 * variances);
                        sum += 0.5 * Math.Log(variances / (2.0 * deviations[i] * deviations[j]));
                    }
                }
            }

            var expected = sum / (Members * (Members - 1) / 2);
            Assert.That(disagreement[row], Is.EqualTo(expected).Within(1e-5 * expected), $"row {row}");
        }
    }

    [Test]
    public void Small_disagreement_does_not_drown_in_rounding()
    {
        var deviation = tensor(new[] { 1f, 1.001f }).view(2, 1, 1);
        var expected = 0.5 * Math.Log((1 + Math.Pow(1.001f, 2)) / (2 * (double)1.001f));
        Assert.Multiple(() =>
        {
            Assert.That(MemberDisagreement.Bhattacharyya(zeros(2, 1, 1), deviation).item<float>(), Is.EqualTo(expected).Within(1e-4 * expected));
            Assert.That(MemberDisagreement.Bhattacharyya(ones(3, 2, 4), full([3, 2, 4], 0.3f)).data<float>().ToArray(), Has.All.Zero);
        });
    }

    [TestCase(30, 0.9, 2000)]
    [TestCase(0.3, 0.95, 2000)]
    [TestCase(2, 1, 1)]
    [TestCase(2, 0, 0)]
    public void The_threshold_is_the_mean_of_the_quantiles_times_the_factor(double factor, double quantile, int memory)
    {
        var gate = Gate(factor, quantile, memory);
        Assert.That(((IRolloutRule)gate).TakeMetrics(), Is.Empty);
        var bounds = new List<double>();
        for (var branching = 0; branching < 5; branching++)
        {
            var starts = rand(101 + branching, 1, generator: _generator) * (branching + 1);
            Roll(gate, starts, 3);
            // Two unit normals that lie two observations apart.
            double[] sorted = [.. starts.data<float>().ToArray().Select(start => Math.Pow(2.0 * start, 2) / 8).Order()];
            var place = quantile * (sorted.Length - 1);
            var (low, high) = (sorted[(int)Math.Floor(place)], sorted[(int)Math.Ceiling(place)]);
            bounds.Add(factor * (low + ((high - low) * (place - Math.Floor(place)))));
            var expected = bounds.TakeLast(memory + 1).Average();
            Assert.That(gate.Threshold, Is.EqualTo(expected).Within(1e-5 * expected), $"branching {branching}");
            Assert.That(RolloutRule.All(gate).TakeMetrics(), Is.EqualTo(new Dictionary<string, double> { ["rollout/gate-threshold"] = gate.Threshold!.Value }));
        }
    }

    [Test]
    public void A_rollout_ends_before_its_first_uncertain_step()
    {
        // Disagreement at x is x²/2, and x grows by 1 a step. The largest of the starts makes the threshold: 8, at x = 4.
        var (kept, statistics) = Roll(Gate(1, 1), tensor(new float[] { 0, 1, 2, 3, 4 }).unsqueeze(1), 10);
        Assert.Multiple(() =>
        {
            Assert.That(kept, Is.EqualTo(new (long, float, bool)[]
            {
                (0, 0, false), (1, 1, false), (2, 2, false), (3, 3, false), (0, 1, false), (1, 2, false), (2, 3, false), (0, 2, false), (1, 3, false),
                (0, 3, false),
            }));
            Assert.That(statistics, Is.EqualTo(new RolloutStatistics(5, 10, 0, 5)));
        });
    }

    [Test]
    public void A_certain_step_that_ends_the_task_is_kept_and_an_uncertain_one_is_not()
    {
        var termination = TerminationFunction.FromRow((_, _, next) => next[0] > 2.5f);
        var (kept, statistics) = Roll(Gate(1, 1), tensor(new float[] { 1, 4 }).unsqueeze(1), 10, termination);
        Assert.Multiple(() =>
        {
            Assert.That(kept, Is.EqualTo(new (long, float, bool)[] { (0, 1, false), (0, 2, true) }));
            Assert.That(statistics.Terminated, Is.EqualTo(2));
        });
    }

    [Test]
    public void The_first_block_of_starts_decides_and_further_blocks_are_judged_by_it()
    {
        var count = BranchedRolloutGenerator.BlockSize + 10;
        var starts = full([count, 1], 1f);
        starts.narrow(0, count - 5, 5).fill_(7f);
        var gate = Gate(2, 0.5);
        var (kept, statistics) = Roll(gate, starts, 1);
        Assert.Multiple(() =>
        {
            Assert.That(gate.Bounds, Is.EqualTo(new[] { 1.0 }), "2 · 1²/2");
            Assert.That(kept, Has.Count.EqualTo(count - 5));
            Assert.That(statistics.Stopped, Is.EqualTo(5));
        });
    }

    [Test]
    public void What_is_no_number_is_uncertain_and_makes_no_threshold()
    {
        MembersModel Odd(float at) => new(new TransitionLayout(1, 1), 2, (observation, action) =>
        {
            var (mean, deviation) = MembersModel.Apart().PredictMembers(observation, action);
            return (mean, where(observation.eq(at), full_like(observation, float.NaN), ones_like(observation)).unsqueeze(0).expand_as(deviation));
        });
        var (kept, _) = Roll(Gate(1, 0.5), tensor(new float[] { 0, 1, 2 }).unsqueeze(1), 1, model: Odd(0));
        Assert.Multiple(() =>
        {
            Assert.That(kept.Select(row => row.Start), Is.EqualTo(new[] { 1f }), "0 is none, and 2 is at the median of 1, 2 and what is no number");
            Assert.That(() => Roll(Gate(1, 0.5), zeros(3, 1), 1, model: Odd(0)), Throws.TypeOf<LearningException>().With.Message.Contains("NaN"));
        });
    }

    [Test]
    public void A_model_without_members_to_compare_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => Roll(Gate(1, 0.5), zeros(3, 1), 1, model: new AdditiveModel(1), propagation: Propagation.MemberEachStep),
            Throws.InvalidOperationException.With.Message.Contains("AdditiveModel"));
        Assert.That(() => Roll(Gate(1, 0.5), zeros(3, 1), 1, model: new LineModel(0, 1)),
            Throws.InvalidOperationException.With.Message.Contains("at least 2 members"));
    });

    [Test]
    public void The_memory_goes_on_from_where_it_was_saved_and_nonsense_is_refused()
    {
        var (gate, other) = (Gate(1, 0.9), Gate(1, 0.9));
        for (var branching = 1; branching <= 3; branching++) Roll(gate, full([4, 1], (float)branching), 1);
        using var state = StateMemory.Of(gate);
        state.RestoreTo(other);
        Roll(gate, full([4, 1], 9f), 1);
        Roll(other, full([4, 1], 9f), 1);
        Assert.Multiple(() =>
        {
            Assert.That(other.Bounds, Has.Count.EqualTo(4));
            Assert.That(other.Bounds, Is.EqualTo(gate.Bounds));
            Assert.That(other.Threshold, Is.EqualTo(gate.Threshold));
            Assert.That(() => state.RestoreTo(Gate(1, 0.9, memory: 1)), Throws.TypeOf<CheckpointException>().With.Message.Contains("at most 2"));
        });
        foreach (var wrong in new[] { double.NaN, -1, double.PositiveInfinity })
        {
            using var damaged = new StateMemory();
            damaged.Add("bounds", [1.0, wrong]);
            Assert.That(() => damaged.RestoreTo(Gate(1, 0.9)), Throws.TypeOf<CheckpointException>(), $"{wrong}");
        }
    }

    [Test]
    public void A_run_has_a_memory_of_its_own_also_among_several_rules()
    {
        var gate = Gate(1, 0.9);
        Roll(gate, ones(4, 1), 1);
        var fresh = (BhattacharyyaGate)((IRolloutRule)gate).ForRun();
        var several = RolloutRule.All(gate, RolloutRule.StopWhere(step => step.Terminated)).ForRun();
        Roll(several, ones(4, 1) * 5, 1);
        Assert.Multiple(() =>
        {
            Assert.That(fresh.Bounds, Is.Empty);
            Assert.That(fresh.ToString(), Is.EqualTo(gate.ToString()).And.EqualTo("BhattacharyyaGate(Factor 1, Quantile 0.9, Memory 2000)"));
            Assert.That(gate.Bounds, Has.Count.EqualTo(1));
            Assert.That(several.ToString(), Does.StartWith($"{gate}, "));
        });
    }

    private static BhattacharyyaGate Gate(double factor, double quantile, int memory = 2000) => (BhattacharyyaGate)RolloutRule.BhattacharyyaGate(
        new BhattacharyyaGate.Options { Factor = factor, Quantile = quantile, Memory = memory });

    // The kept steps: their rollout, where they began, and whether the task ended there.
    private (List<(long Rollout, float Start, bool Terminated)> Kept, RolloutStatistics Statistics) Roll(
        IRolloutRule rule, Tensor starts, int length, ITerminationFunction? termination = null, IDynamicsModel? model = null,
        Propagation propagation = Propagation.Mean)
    {
        var kept = new List<(long, float, bool)>();
        var imagined = new ImaginedEnvironment(model ?? MembersModel.Apart(), termination, propagation: propagation);
        var statistics = new BranchedRolloutGenerator(imagined, rule).Generate(
            starts, length, new NoisyPolicy(1, 1, gain: 0, noise: 0), _generator, (rows, origins) =>
            {
                var (from, ended) = (rows.select(1, 0).clone().data<float>(), rows.select(1, 4).clone().data<float>());
                kept.AddRange(origins.data<long>().Select((rollout, index) => (rollout, from[index], ended[index] == 1)));
            });
        return (kept, statistics);
    }
}
