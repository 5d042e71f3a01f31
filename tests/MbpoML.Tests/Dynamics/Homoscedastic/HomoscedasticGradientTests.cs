using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Tests.Numerics.Networks;
using static MbpoML.Tests.Dynamics.Homoscedastic.HomoscedasticSamples;
using static MbpoML.Tests.Numerics.Networks.NetworkSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Homoscedastic;

/// <summary>The gradient of the loss by weights and noise, against finite differences of the loss as its definition reads.</summary>
public class HomoscedasticGradientTests
{
    [TestCase(Acceleration.Reference, true, 0.01)]
    [TestCase(Acceleration.Auto, true, 0.01)]
    [TestCase(Acceleration.Auto, true, 0.4)]
    [TestCase(Acceleration.Reference, false, 0.4)]
    [TestCase(Acceleration.Auto, false, 0)]
    public void The_gradient_is_that_of_finite_differences(Acceleration acceleration, bool normalizes, double dropout)
    {
        using var scope = NewDisposeScope();
        var options = Small(2, [6, 5, 4], acceleration);
        (options.BatchSize, options.LayerNormalization, options.Dropout, options.WeightDecay, options.NoiseDecay) = (7, normalizes, dropout, 0, 0);
        using var learner = Prepared(options, Layout);
        using var rows = Rows(Layout, 60, 2);
        var data = learner.Prepare(rows);
        var plain = new PlainLoss(learner, options, data);
        var (weights, noise) = (Doubles(learner.Ensemble.Network.Flat), Doubles(learner.Ensemble.Network.LogNoise));
        var byWeights = Differences(weights, at => plain.Loss(at, noise));
        var byNoise = Differences(noise, at => plain.Loss(weights, at));

        var loss = learner.Updater.Run(data, new StepRange(0, 1, 1), CancellationToken.None);

        // After one step from zero, Adam's first moment is a tenth of the gradient.
        double[] Gradient(FlatAdam optimizer) => [.. Doubles(optimizer.FirstMoment).Select(value => 10 * value)];
        Assert.That(loss, Is.EqualTo(plain.Loss(weights, noise) / 2).Within(1e-3).Percent);
        AssertClose(Gradient(learner.State.Weights), byWeights, 2e-5, "by the weights");
        AssertClose(Gradient(learner.State.Noise), byNoise, 2e-5, "by the noise");
        Assert.That(byWeights.Count(value => value != 0), Is.GreaterThan(byWeights.Length / 2));
    }

    // The mean learns from the whole of an error, and the noise from a part of it.
    [TestCase(Acceleration.Reference)]
    [TestCase(Acceleration.Auto)]
    public void An_error_beyond_the_limit_counts_for_the_noise_as_one_at_the_limit(Acceleration acceleration)
    {
        const double limit = 1.2;
        using var scope = NewDisposeScope();
        using var rows = Rows(Layout, 60, 2);
        HomoscedasticLearner Stepped(double? errorLimit, out double[] expected)
        {
            var options = Small(2, [6, 5, 4], acceleration);
            (options.BatchSize, options.Dropout, options.WeightDecay, options.NoiseDecay, options.NoiseErrorLimit) = (7, 0, 0, 0, errorLimit);
            var learner = Prepared(options, Layout);
            var data = learner.Prepare(rows);
            expected = new PlainLoss(learner, options, data)
                .ByNoise(Doubles(learner.Ensemble.Network.Flat), Doubles(learner.Ensemble.Network.LogNoise), errorLimit ?? double.PositiveInfinity);
            learner.Updater.Run(data, new StepRange(0, 1, 1), CancellationToken.None);
            return learner;
        }

        using var all = Stepped(null, out var byAll);
        using var limited = Stepped(limit, out var byLimited);
        AssertClose([.. Doubles(all.State.Noise.FirstMoment).Select(value => 10 * value)], byAll, 2e-5, "by the noise, all of each error");
        AssertClose([.. Doubles(limited.State.Noise.FirstMoment).Select(value => 10 * value)], byLimited, 2e-5, "by the noise");
        Assert.That(byLimited, Is.Not.EqualTo(byAll).Within(1e-3), "some errors are beyond the limit");
        AssertClose(Doubles(limited.State.Weights.FirstMoment), Doubles(all.State.Weights.FirstMoment), 1e-6, "by the weights");
    }

    [TestCase(Acceleration.Reference, -6.8f, false)]
    [TestCase(Acceleration.Auto, -6.8f, false)]
    [TestCase(Acceleration.Reference, -7.2f, true)]
    [TestCase(Acceleration.Auto, -7.2f, true)]
    public void Noise_below_a_thousandth_is_not_rewarded_any_more(Acceleration acceleration, float logNoise, bool isBelow)
    {
        using var scope = NewDisposeScope();
        var options = Small(2, [6], acceleration);
        (options.BootstrapWeights, options.NoiseDecay) = (false, 0);
        using var learner = new HomoscedasticLearner(Layout, options, 1);
        // The reward is always the same, and networks of zeros know it.
        using var rows = Rows(Layout, 60, 2);
        rows.select(1, Layout.RewardOffset).fill_(1);
        learner.Ensemble.Network.Flat.zero_();
        learner.Ensemble.Network.LogNoise.fill_(logNoise);
        learner.Updater.Run(learner.Prepare(rows), new StepRange(0, 1, 1), CancellationToken.None);
        for (var member = 0; member < 2; member++)
        {
            Assert.That(10 * learner.State.Noise.FirstMoment[member * 4].item<float>(), Is.EqualTo(isBelow ? 0 : 1).Within(1e-5), "by the reward's");
            Assert.That(learner.State.Noise.FirstMoment[(member * 4) + 1].item<float>(), Is.Negative, "an error larger than the noise raises it");
        }
    }

    /// <summary>The sum over members of the loss of the minibatches that the learner draws next, with loops over single numbers in double precision.</summary>
    private sealed class PlainLoss
    {
        private readonly HomoscedasticLearner _learner;
        private readonly int _batch;
        private readonly double[][] _inputs, _targets;
        private readonly double[] _weights;
        private readonly double[][]? _kept;

        public PlainLoss(HomoscedasticLearner learner, HomoscedasticEnsembleTrainer.Options options, FitRows data)
        {
            (_learner, _batch) = (learner, options.BatchSize);
            // The streams go back to where they were.
            var states = learner.State.Streams.Select(stream => stream.State).ToArray();
            using var reference = new ReferenceHomoscedasticUpdate(learner.State);
            var minibatch = reference.Draw(data);
            for (var member = 0; member < states.Length; member++) learner.State.Streams[member].State = states[member];
            var numbers = minibatch.Rows.data<long>().ToArray();
            double[][] Of(Tensor values) => [.. numbers.Select(number => Doubles(values[number]))];
            (_inputs, _targets, _weights) = (Of(data.Inputs), Of(data.Targets), Doubles(minibatch.Weights));
            _kept = minibatch.Kept is { } kept ? [.. kept.Select(Doubles)] : null;
        }

        public double Loss(double[] flat, double[] logNoise)
        {
            var (shape, sum) = (_learner.Ensemble.Network.Shape, 0.0);
            for (var index = 0; index < _inputs.Length; index++)
            {
                var (member, row) = (index / _batch, index);
                var parameters = flat[(member * shape.ParameterCount)..((member + 1) * shape.ParameterCount)];
                var mean = PlainNetwork.Forward(shape, parameters, _inputs[row], (layer, unit) => _kept?[layer][(row * shape.Hidden[layer].Units) + unit] ?? 1);
                for (var output = 0; output < mean.Length; output++)
                {
                    var log = logNoise[(member * mean.Length) + output];
                    var scaled = (mean[output] - _targets[row][output]) * Math.Exp(-log);
                    sum += _weights[row] / _batch * ((0.5 * scaled * scaled) + Math.Max(log, Math.Log(1e-3)));
                }
            }

            return sum;
        }

        /// <summary>The derivative by log σ: Σ over rows of w (1 - min(z², limit²)) / batch, with z an error in deviations.</summary>
        public double[] ByNoise(double[] flat, double[] logNoise, double limit)
        {
            var (shape, gradient) = (_learner.Ensemble.Network.Shape, new double[logNoise.Length]);
            for (var row = 0; row < _inputs.Length; row++)
            {
                var member = row / _batch;
                var mean = PlainNetwork.Forward(shape, flat[(member * shape.ParameterCount)..((member + 1) * shape.ParameterCount)], _inputs[row], (_, _) => 1);
                for (var output = 0; output < mean.Length; output++)
                {
                    var at = (member * mean.Length) + output;
                    var scaled = (mean[output] - _targets[row][output]) * Math.Exp(-logNoise[at]);
                    gradient[at] += _weights[row] / _batch * (1 - Math.Min(scaled * scaled, limit * limit));
                }
            }

            return gradient;
        }
    }
}
