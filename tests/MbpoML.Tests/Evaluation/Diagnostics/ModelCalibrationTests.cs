using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Numerics.Random;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Evaluation.Diagnostics;

/// <summary>Calibration of models that are right, too sure or too unsure about noise of a known size.</summary>
public class ModelCalibrationTests
{
    private const int Rows = 40_000;
    private const double Noise = 0.5;
    // Of a share of 40,000 draws, four times: chance does not explain more.
    private const double Tolerance = 0.01;

    [Test]
    public void A_model_that_predicts_the_noise_is_calibrated()
    {
        var measured = Measure(new MemberModel((0, Noise)));
        Assert.Multiple(() =>
        {
            Assert.That(measured.Levels, Has.Count.EqualTo(19));
            Assert.That((measured.Levels[0], measured.Levels[^1]), Is.EqualTo((0.05, 0.95)));
            Assert.That(measured.Coverage.Zip(measured.Levels, (coverage, level) => Math.Abs(coverage - level)), Has.All.LessThan(Tolerance));
            Assert.That(measured.Error, Is.LessThan(Tolerance));
            Assert.That(measured.Transitions, Is.EqualTo(Rows));
        });
    }

    [TestCase(0.5)]
    [TestCase(2)]
    public void A_model_of_another_width_covers_what_a_normal_distribution_of_that_width_does(double factor)
    {
        var measured = Measure(new MemberModel((0, Noise * factor)));
        for (var index = 0; index < measured.Levels.Count; index++)
        {
            // |y| <= factor σ z with P(|Z| <= z) = level.
            var expected = Central(factor * Quantile(measured.Levels[index]));
            Assert.That(measured.Coverage[index], Is.EqualTo(expected).Within(Tolerance));
        }
    }

    [Test]
    public void The_intervals_are_those_of_the_mixture_not_of_its_variance()
    {
        // Two narrow members far apart: the truth lies between them, in the middle of the mixture. A normal distribution of the mixture's variance would have
        // it more often in its outer intervals.
        var measured = Measure(new MemberModel((-3, 0.1), (3, 0.1)));
        Assert.That(measured.Coverage[0], Is.EqualTo(1).Within(Tolerance));
    }

    [Test]
    public void Each_output_has_a_coverage_of_its_own()
    {
        var measured = Measure(new MemberModel((0, Noise)) { RewardDeviation = 100 });
        Assert.Multiple(() =>
        {
            Assert.That(measured.CoverageOfOutputs, Has.Count.EqualTo(2));
            Assert.That(measured.CoverageOfOutputs[0], Has.All.EqualTo(1), "the rewards lie in the middle of a hundred times too wide intervals");
            Assert.That(measured.CoverageOfOutputs[1].Zip(measured.Levels, (coverage, level) => Math.Abs(coverage - level)), Has.All.LessThan(Tolerance));
            Assert.That(measured.Coverage[9], Is.EqualTo((measured.CoverageOfOutputs[0][9] + measured.CoverageOfOutputs[1][9]) / 2).Within(1e-12));
        });
    }

    private static ModelCalibration Measure(IEnsembleDynamicsModel model)
    {
        var random = new RandomSource(5);
        var transitions = Enumerable.Range(0, Rows).Select(_ => new Transition
        {
            Observation = [0],
            Action = [0],
            Reward = (float)(Noise * random.NextNormal()),
            NextObservation = [(float)(Noise * random.NextNormal())],
        });
        var rl = new MLContext(seed: 1).Reinforcement();
        return rl.Diagnostics.Calibration(model, rl.Data.FromTransitions(transitions));
    }

    // P(|Z| <= z), by adding up the density.
    private static double Central(double z)
    {
        const int Steps = 20_000;
        return Enumerable.Range(0, Steps).Sum(step => Math.Exp(-Math.Pow((step + 0.5) * z / Steps, 2) / 2)) * z / Steps * Math.Sqrt(2 / Math.PI);
    }

    private static double Quantile(double level)
    {
        var (low, high) = (0.0, 10.0);
        for (var step = 0; step < 50; step++)
        {
            if (Central((low + high) / 2) < level) low = (low + high) / 2;
            else high = (low + high) / 2;
        }

        return low;
    }

    /// <summary>Says the same of every row: a normal distribution for each member, of the next observation and the reward.</summary>
    private sealed class MemberModel(params (double Mean, double Deviation)[] members) : IEnsembleDynamicsModel
    {
        public double? RewardDeviation { get; init; }

        public TransitionLayout Layout { get; } = new(1, 1);

        public int EliteCount => members.Length;

        public (Tensor Mean, Tensor StandardDeviation) PredictMembers(Tensor observation, Tensor action)
        {
            var rows = (int)observation.shape[0];
            float[] mean = [.. members.SelectMany(member => Enumerable.Repeat((float)member.Mean, 2 * rows))];
            float[] deviation = [.. members.SelectMany(
                member => Enumerable.Repeat(new[] { (float)(RewardDeviation ?? member.Deviation), (float)member.Deviation }, rows).SelectMany(pair => pair))];
            return (tensor(mean, members.Length, rows, 2), tensor(deviation, members.Length, rows, 2));
        }

        public (Tensor Mean, Tensor StandardDeviation) Predict(Tensor observation, Tensor action) => throw new NotSupportedException();

        public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator) => throw new NotSupportedException();
    }
}
