using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Ensemble.Fused;
using MbpoML.Numerics;
using MbpoML.Tests.Numerics.Networks;
using static MbpoML.Tests.Numerics.Networks.NetworkSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Ensemble;

/// <summary>
/// An imagined step and the backward pass through it: against what the model samples, finite differences of a plain computation, and each other.
/// </summary>
public class EnsembleStepTests
{
    private static readonly TransitionLayout Layout = new(3, 2);

    [TestCase(false, DynamicsTarget.Delta)]
    [TestCase(true, DynamicsTarget.Delta)]
    [TestCase(true, DynamicsTarget.NextObservation)]
    [TestCase(false, DynamicsTarget.NextObservation)]
    public void Gradients_by_automatic_differentiation_equal_finite_differences_of_the_plain_computation(bool normalize, DynamicsTarget target)
    {
        using var scope = NewDisposeScope();
        using var learner = Learner(Layout, [9, 7], normalize, target);
        using var step = new ReferenceEnsembleStep(learner.Ensemble, 11);
        var given = new Given(learner.Ensemble, 11);
        step.Forward(given.Observation, given.Action, given.Drawn, given.Noise);
        step.Backward(given.OutcomeGradient);
        var plain = new Plain(learner.Ensemble, given);
        AssertClose(Doubles(step.Outcome), plain.Outcome(plain.Observation, plain.Action), 2e-6, "outcome");
        var byObservation = Differences(plain.Observation, observation => plain.Loss(observation, plain.Action));
        var byAction = Differences(plain.Action, action => plain.Loss(plain.Observation, action));
        AssertClose(Doubles(step.ObservationGradient), byObservation, 3e-6, "by the observation");
        AssertClose(Doubles(step.ActionGradient), byAction, 3e-6, "by the action");
    }

    [TestCase(false, DynamicsTarget.Delta, 1, 1)]
    [TestCase(true, DynamicsTarget.Delta, 2, 256)]
    [TestCase(true, DynamicsTarget.NextObservation, 1, 33)]
    [TestCase(false, DynamicsTarget.NextObservation, 2, 100)]
    public void The_fast_path_agrees_with_automatic_differentiation(bool normalize, DynamicsTarget target, int workers, int batch)
    {
        using var scope = NewDisposeScope();
        foreach (var (layout, hidden) in ((TransitionLayout, int[])[])[(new(1, 1), [1]), (Layout, [33, 17]), (new(17, 6), [200, 200, 200, 200])])
        {
            using var learner = Learner(layout, hidden, normalize, target, workers);
            using var reference = new ReferenceEnsembleStep(learner.Ensemble, batch);
            using var fused = learner.Ensemble.CreateStep(batch);
            Assert.That(fused, Is.InstanceOf<FusedEnsembleStep>());
            // Memory is used again: the second time must not see the first.
            for (var seed = 1; seed <= 3; seed++)
            {
                var given = new Given(learner.Ensemble, batch, seed);
                foreach (var step in new[] { reference, fused })
                {
                    step.Forward(given.Observation, given.Action, given.Drawn, given.Noise);
                    step.Backward(given.OutcomeGradient);
                }
                AssertClose(Doubles(fused.Outcome), Doubles(reference.Outcome), 1e-5, "outcome");
                AssertClose(Doubles(fused.ObservationGradient), Doubles(reference.ObservationGradient), 1e-5, "by the observation");
                AssertClose(Doubles(fused.ActionGradient), Doubles(reference.ActionGradient), 1e-5, "by the action");
            }
        }
    }

    [TestCase(Acceleration.Reference, 0)]
    [TestCase(Acceleration.Auto, 1e-6)]
    public void The_outcome_is_what_the_model_samples_with_the_same_draws(Acceleration acceleration, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var learner = Learner(Layout, [40, 24], true, DynamicsTarget.Delta, 2, acceleration);
        using var step = learner.Ensemble.CreateStep(300);
        using var one = new Generator(5);
        using var two = new Generator(5);
        var given = new Given(learner.Ensemble, 300);
        using var sample = learner.Ensemble.Sample(given.Observation, given.Action, one);
        var (drawn, noise) = learner.Ensemble.Draw(300, two);
        step.Forward(given.Observation, given.Action, drawn, noise);
        var expected = cat([sample.Reward.unsqueeze(1), sample.NextObservation], 1);
        Assert.That((step.Outcome - expected).abs().max().item<float>(), Is.LessThanOrEqualTo(tolerance * expected.abs().max().item<float>()));
    }

    [TestCase(Acceleration.Reference)]
    [TestCase(Acceleration.Auto)]
    public void A_loss_after_several_steps_goes_back_through_all_of_them(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        using var learner = Learner(Layout, [30, 20], true, DynamicsTarget.Delta, 2, acceleration);
        const int Batch = 40, Horizon = 4;
        var given = Enumerable.Range(1, Horizon).Select(seed => new Given(learner.Ensemble, Batch, seed)).ToArray();
        // Rewards and the last observation count, in one graph over all steps.
        var (leaf, actions) = (given[0].Observation.clone().requires_grad_(), given.Select(of => of.Action.clone().requires_grad_()).ToArray());
        var (observation, loss) = (leaf, zeros([]));
        for (var index = 0; index < Horizon; index++)
        {
            var outcome = learner.Ensemble.SampleDrawn(observation, actions[index], given[index].Drawn, given[index].Noise);
            (observation, loss) = (outcome.narrow(1, 1, 3), loss + outcome.select(1, 0).sum());
        }
        var expected = autograd.grad([loss + observation.square().sum()], [leaf, .. actions]);

        var steps = given.Select(_ => learner.Ensemble.CreateStep(Batch)).ToArray();
        for (var index = 0; index < Horizon; index++)
        {
            var from = index == 0 ? leaf.detach() : steps[index - 1].Outcome.narrow(1, 1, 3);
            steps[index].Forward(from, given[index].Action, given[index].Drawn, given[index].Noise);
        }
        var gradient = 2 * steps[^1].Outcome.narrow(1, 1, 3);
        for (var index = Horizon - 1; index >= 0; index--)
        {
            steps[index].Backward(cat([ones(Batch, 1), gradient], 1));
            gradient = steps[index].ObservationGradient;
            AssertClose(Doubles(steps[index].ActionGradient), Doubles(expected[1 + index]), 2e-5, $"by the action of step {index}");
        }
        AssertClose(Doubles(gradient), Doubles(expected[0]), 2e-5, "by the first observation");
        foreach (var step in steps) step.Dispose();
    }

    [Test]
    public void Two_workers_give_the_same_bits_as_one()
    {
        using var scope = NewDisposeScope();
        float[] Gradients(int workers)
        {
            using var learner = Learner(Layout, [33, 17], true, DynamicsTarget.Delta, workers);
            using var step = learner.Ensemble.CreateStep(200);
            var given = new Given(learner.Ensemble, 200);
            step.Forward(given.Observation, given.Action, given.Drawn, given.Noise);
            step.Backward(given.OutcomeGradient);
            return [.. step.Outcome.data<float>(), .. step.ObservationGradient.data<float>(), .. step.ActionGradient.data<float>()];
        }
        Assert.That(Gradients(2), Is.EqualTo(Gradients(1)));
    }

    [TestCase(Acceleration.Reference)]
    [TestCase(Acceleration.Auto)]
    public void A_step_follows_the_model_and_its_elites(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        using var learner = Learner(Layout, [12], false, DynamicsTarget.NextObservation, 1, acceleration);
        using var step = learner.Ensemble.CreateStep(50);
        var given = new Given(learner.Ensemble, 50);
        void Both()
        {
            step.Forward(given.Observation, given.Action, given.Drawn, given.Noise);
            step.Backward(given.OutcomeGradient);
        }
        Both();
        Assert.That(step.ObservationGradient.abs().max().item<float>(), Is.Positive);
        // Only the members that are no elites any more depend on what they read.
        learner.Ensemble.Elites = [0, 1, 0];
        foreach (var member in new[] { 0, 1 }) learner.Ensemble.Network.Values.Weights[0][member].zero_();
        Both();
        Assert.That(step.ObservationGradient.abs().max().item<float>(), Is.Zero);
        Assert.That(step.ActionGradient.abs().max().item<float>(), Is.Zero);
    }

    [TestCase(1)]
    [TestCase(2)]
    public void The_fast_path_allocates_next_to_nothing(int workers)
    {
        using var scope = NewDisposeScope();
        using var learner = Learner(Layout, [40, 24], true, DynamicsTarget.Delta, workers);
        using var step = learner.Ensemble.CreateStep(128);
        var given = Enumerable.Range(1, 8).Select(seed => new Given(learner.Ensemble, 128, seed)).ToArray();
        void Both(Given of)
        {
            step.Forward(of.Observation, of.Action, of.Drawn, of.Noise);
            step.Backward(of.OutcomeGradient);
        }
        foreach (var of in given) Both(of);
        var tensors = LiveTensors.Settled();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 10; round++)
            foreach (var of in given) Both(of);
        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / 80, Is.LessThan(1000), "bytes a step");
        Assert.That(Tensor.TotalCount, Is.EqualTo(tensors));
    }

    [TestCase(Acceleration.Reference)]
    [TestCase(Acceleration.Auto)]
    public void Wrong_calls_are_refused(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        using var learner = Learner(Layout, [12], false, DynamicsTarget.Delta, 1, acceleration);
        using var step = learner.Ensemble.CreateStep(5);
        var (given, other) = (new Given(learner.Ensemble, 5), new Given(learner.Ensemble, 6));
        void Refuses(Tensor observation, Tensor action, Tensor drawn, Tensor noise, string message) =>
            Assert.That(() => step.Forward(observation, action, drawn, noise), Throws.ArgumentException.With.Message.Contains(message));
        Assert.Multiple(() =>
        {
            Assert.That(() => learner.Ensemble.CreateStep(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => step.Backward(given.OutcomeGradient), Throws.InvalidOperationException.With.Message.Contains("call Forward"));
            Refuses(given.Action, given.Action, given.Drawn, given.Noise, "observation is Float32 [5, 2]");
            Refuses(given.Observation, other.Action, given.Drawn, given.Noise, "action has 6 rows");
            Refuses(given.Observation, given.Action, given.Drawn, other.Noise, "noise has 6 rows");
            Refuses(given.Observation, given.Action, other.Drawn, given.Noise, "drawn has 6 rows");
            Refuses(given.Observation, given.Action, given.Drawn.to(float32), given.Noise, "drawn is Float32");
            Refuses(given.Observation, given.Action, full([5], 3L, int64), given.Noise, "drawn holds 3, but there are 3 elites");
            Refuses(given.Observation, given.Action, full([5], -1L, int64), given.Noise, "drawn holds -1, but there are 3 elites");
            Assert.That(() => step.Backward(given.Noise.narrow(1, 0, 2)), Throws.ArgumentException.With.Message.Contains("[rows, 4]"));
        });
        step.Forward(given.Observation, given.Action, given.Drawn, given.Noise);
        step.Backward(given.OutcomeGradient);
        Assert.That(() => step.Backward(given.OutcomeGradient), Throws.InvalidOperationException.With.Message.Contains("one backward pass"));
    }

    private static EnsembleLearner Learner(
        TransitionLayout layout, int[] hidden, bool normalize, DynamicsTarget target, int workers = 1, Acceleration acceleration = Acceleration.Auto)
    {
        var options = new ProbabilisticEnsembleTrainer.Options { MemberCount = 4, EliteCount = 3, HiddenSizes = hidden };
        (options.TargetNormalization, options.Target, options.Workers, options.Acceleration) = (normalize, target, workers, acceleration);
        var learner = new EnsembleLearner(layout, options, 1);
        using var generator = new Generator(2);
        // Scales as after a fit, and bounds close to the outputs, so that both of them matter.
        learner.Ensemble.InputScale.FitTo((3 * randn(50, layout.ObservationSize + layout.ActionSize, generator: generator)) + 1);
        learner.Ensemble.Codec.FitTo((2 * randn(50, 1 + layout.ObservationSize, generator: generator)) - 1);
        learner.Ensemble.Network.Values.MinLogVariance.fill_(-0.5);
        learner.Ensemble.Network.Values.MaxLogVariance.fill_(0.5);
        foreach (var biases in learner.Ensemble.Network.Values.Biases) biases.uniform_(-0.5, 0.5, generator);
        learner.Ensemble.Elites = [3, 0, 2];
        return learner;
    }

    private static double[] Differences(double[] at, Func<double[], double> loss)
    {
        const double Step = 1e-5;
        double Shifted(int index, double by) => loss([.. at.Select((value, other) => other == index ? value + by : value)]);
        return [.. Enumerable.Range(0, at.Length).Select(index => (Shifted(index, Step) - Shifted(index, -Step)) / (2 * Step))];
    }

    /// <summary>What a step is given, and the derivative that comes back.</summary>
    private sealed class Given
    {
        public Given(EnsembleModel model, int batch, int seed = 1)
        {
            using var generator = new Generator((ulong)seed);
            (Drawn, Noise) = model.Draw(batch, generator);
            Observation = (2 * randn(batch, model.Layout.ObservationSize, generator: generator)) + 1;
            Action = randn(batch, model.Layout.ActionSize, generator: generator);
            OutcomeGradient = randn(batch, 1 + model.Layout.ObservationSize, generator: generator);
        }

        public Tensor Observation { get; }

        public Tensor Action { get; }

        public Tensor Drawn { get; }

        public Tensor Noise { get; }

        public Tensor OutcomeGradient { get; }
    }

    /// <summary>The outcome as the definitions read, with loops over single numbers in double precision, and a loss that is linear in it.</summary>
    private sealed class Plain(EnsembleModel model, Given given)
    {
        private readonly double[] _noise = Doubles(given.Noise), _factors = Doubles(given.OutcomeGradient);
        private readonly double[] _inputMean = Doubles(model.InputScale.Mean), _inputDeviation = Doubles(model.InputScale.Deviation);
        private readonly long[] _drawn = given.Drawn.data<long>().ToArray();

        public double[] Observation { get; } = Doubles(given.Observation);

        public double[] Action { get; } = Doubles(given.Action);

        public double Loss(double[] observation, double[] action) => Outcome(observation, action).Zip(_factors, (value, factor) => value * factor).Sum();

        public double[] Outcome(double[] observation, double[] action)
        {
            var rows = observation.Chunk(Layout.ObservationSize).Zip(action.Chunk(Layout.ActionSize));
            return [.. rows.SelectMany((row, index) =>
                Outcome(row.First, row.Second, model.Elites[(int)_drawn[index]], _noise[(index * 4)..((index + 1) * 4)]))];
        }

        private double[] Outcome(double[] observation, double[] action, int member, double[] noise)
        {
            var input = observation.Concat(action).Select((value, column) => (value - _inputMean[column]) / _inputDeviation[column]).ToArray();
            var (layers, values) = (model.Network.Values.Layers.Network(member), model.Network.Values);
            var parameters = layers.Weights.Zip(layers.Biases).SelectMany(layer => Doubles(layer.First).Concat(Doubles(layer.Second))).ToArray();
            var output = PlainNetwork.Forward(model.Network.Shape, parameters, input, (_, _) => 1);
            var (min, max) = (Doubles(values.MinLogVariance), Doubles(values.MaxLogVariance));
            return [.. noise.Select((draw, column) =>
            {
                var logVariance = max[column] - Softplus(max[column] - output[4 + column]);
                logVariance = min[column] + Softplus(logVariance - min[column]);
                var value = output[column] + (draw * Math.Exp(logVariance / 2));
                if (model.Codec.Scale is { } scale) value = (value * Doubles(scale.Deviation)[column]) + Doubles(scale.Mean)[column];
                return value + (model.Codec.IsDelta && column > 0 ? observation[column - 1] : 0);
            })];
        }

        private static double Softplus(double value) => Math.Log(1 + Math.Exp(value));
    }
}
