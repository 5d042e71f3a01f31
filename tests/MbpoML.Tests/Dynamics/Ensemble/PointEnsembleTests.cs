using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Ensemble;

/// <summary>An ensemble of deterministic networks, as ME-TRPO fits it.</summary>
public class PointEnsembleTests
{
    private static readonly TransitionLayout Layout = LinearGaussianSystem.Layout;

    [TestCase(1)]
    [TestCase(4)]
    public void Paths_agree_over_a_hundred_steps_and_leave_the_bounds_alone(int members)
    {
        var options = Options();
        (options.MemberCount, options.EliteCount, options.GradientClipping) = (members, 1, members > 1 ? 0.5 : null);
        using var fused = new EnsembleLearner(Layout, options, 7);
        options.Acceleration = Acceleration.Reference;
        using var reference = new EnsembleLearner(Layout, options, 7);
        var bounds = Floats(fused)[^6..];
        using var data = LinearGaussianSystem.Draw(300, 2);
        using var scope = NewDisposeScope();
        var (inputs, targets) = (Layout.ObservationAction(data).contiguous(), TargetCodec.Outcomes(Layout, data).contiguous());
        var order = stack([.. Enumerable.Range(0, members).Select(member => randperm(300, int64, generator: new Generator((ulong)member)))], 0);
        foreach (var learner in (EnsembleLearner[])[fused, reference])
            for (var step = 0; step < 100; step++) learner.Updater.Step(inputs, targets, order, step % 10 * 30, 30);
        Assert.Multiple(() =>
        {
            var largest = Floats(fused).Zip(Floats(reference), (one, other) => Math.Abs(one - other)).Max();
            Assert.That(largest, Is.LessThan(1e-4), "a tenth of one step of Adam");
            Assert.That(fused.Updater.TakeLossSum(), Is.EqualTo(reference.Updater.TakeLossSum()).Within(1e-5).Percent.Or.EqualTo(0).Within(1e-9));
            Assert.That(Floats(fused)[^6..], Is.EqualTo(bounds));
        });
    }

    [Test]
    public void The_loss_is_the_mean_squared_error_and_what_would_be_variances_is_not_learned()
    {
        using var scope = NewDisposeScope();
        using var network = new EnsembleNetwork(2, 3, [4], 2, CPU, isPoint: true);
        network.Initialize(new Generator(1), (-10, 0.5));
        var (input, target) = (randn(2, 5, 3, generator: new Generator(2)), randn(2, 5, 2, generator: new Generator(3)));
        var mean = network.Values.Forward(input).Mean;
        var loss = EnsembleLoss.Total(network.Split(network.Flat), input, target, [0, 0]);
        Assert.That(loss.item<float>(), Is.EqualTo(2 * (mean - target).square().mean().item<float>()).Within(1e-5));
        var parts = network.Split(autograd.grad([loss], [network.Flat])[0]);
        Assert.That(parts.Weights[^1].narrow(-1, 2, 2).abs().max().item<float>(), Is.Zero);
        Assert.That(parts.Weights[^1].narrow(-1, 0, 2).abs().min().item<float>(), Is.Positive);
    }

    [TestCase(Acceleration.Auto)]
    [TestCase(Acceleration.Reference)]
    public void Draws_have_no_noise_and_are_what_a_member_predicts(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        var options = Options();
        options.Acceleration = acceleration;
        using var learner = Fitted(options, 200);
        var model = learner.Ensemble;
        var (observation, action) = (randn(50, Layout.ObservationSize), randn(50, Layout.ActionSize));
        var drawn = randint(model.EliteCount, [50], int64, generator: new Generator(1));
        var (means, _) = model.PredictMembers(observation, action);
        var first = model.SampleMembers(observation, action, drawn, new Generator(1));
        var second = model.SampleMembers(observation, action, drawn, new Generator(2));
        var chosen = stack([.. Enumerable.Range(0, 50).Select(row => means[drawn[row].item<long>(), row])], 0);
        Assert.That(Values(second.NextObservation), Is.EqualTo(Values(first.NextObservation)), "no noise");
        Assert.That(Values(first.NextObservation), Is.EqualTo(Values(chosen.narrow(1, 1, Layout.ObservationSize))).Within(1e-5));
        Assert.That(Values(first.Reward), Is.EqualTo(Values(chosen.select(1, 0))).Within(1e-5));
        using var step = model.CreateStep(50);
        step.Forward(observation, action, drawn, randn(50, 1 + Layout.ObservationSize));
        Assert.That(Values(step.Outcome), Is.EqualTo(Values(chosen)).Within(1e-5));
    }

    [Test]
    public void The_gradient_of_an_imagined_step_is_the_references()
    {
        using var scope = NewDisposeScope();
        using var learner = Fitted(Options(), 200);
        using var reference = new ReferenceEnsembleStep(learner.Ensemble, 20);
        using var fused = learner.Ensemble.CreateStep(20);
        var (observation, action) = (randn(20, Layout.ObservationSize), randn(20, Layout.ActionSize));
        var drawn = randint(learner.Ensemble.EliteCount, [20], int64, generator: new Generator(1));
        var gradient = randn(20, 1 + Layout.ObservationSize);
        foreach (var step in (EnsembleStep[])[reference, fused])
        {
            step.Forward(observation, action, drawn, randn(20, 1 + Layout.ObservationSize));
            step.Backward(gradient);
        }

        Assert.That(Values(fused.ObservationGradient), Is.EqualTo(Values(reference.ObservationGradient)).Within(1e-5));
        Assert.That(Values(fused.ActionGradient), Is.EqualTo(Values(reference.ActionGradient)).Within(1e-5));
    }

    [Test]
    public void The_deviation_that_members_state_is_that_of_their_errors()
    {
        var options = Options();
        (options.MaxEpochs, options.TargetNormalization) = (60, true);
        using var learner = Fitted(options, 3000);
        using var test = LinearGaussianSystem.Draw(2000, 99);
        using var scope = NewDisposeScope();
        var (mean, deviation) = learner.Ensemble.PredictMembers(Layout.Observation(test), Layout.Action(test));
        var errors = (mean[0] - TargetCodec.Outcomes(Layout, test)).square().mean([0L]).sqrt();
        Assert.That(Values(deviation[0, 0]), Is.EqualTo(Values(errors)).Within(15).Percent);
        Assert.That(learner.Report!.Holdout.Mixture.Outputs.Average(output => output.Coverage90), Is.InRange(0.8, 0.97), "an honest spread");
    }

    [Test]
    public void Members_start_afresh_every_so_many_fits_also_after_a_stop()
    {
        var options = Options();
        (options.RestartInterval, options.MaxEpochs) = (3, 2);
        using var learner = Fitted(options, 100);
        using var rows = LinearGaussianSystem.Draw(100, 1);
        var steps = learner.Report!.OptimizerSteps;
        List<long> counts = [];
        for (var fit = 0; fit < 6; fit++)
        {
            // Another learner goes on each time.
            using var restored = new EnsembleLearner(Layout, options, 5);
            using (var state = MbpoML.Saving.StateMemory.Of(learner)) state.RestoreTo(restored);
            restored.Fit(rows, CancellationToken.None);
            learner.Fit(rows, CancellationToken.None);
            Assert.That(Floats(restored), Is.EqualTo(Floats(learner)));
            counts.Add(learner.Optimizer.StepCount / steps);
        }

        Assert.That(counts, Is.EqualTo(new[] { 2, 3, 1, 2, 3, 1 }), "fits since the last fresh start");
    }

    [Test]
    public void Moments_may_start_afresh_while_weights_go_on()
    {
        var options = Options();
        (options.KeepMoments, options.MaxEpochs) = (false, 3);
        using var learner = Fitted(options, 200);
        var weights = Floats(learner);
        using var rows = LinearGaussianSystem.Draw(2, 1);
        learner.Fit(rows, CancellationToken.None);
        Assert.That(learner.Optimizer.StepCount, Is.EqualTo(learner.Report!.OptimizerSteps));
        Assert.That(Floats(learner).Zip(weights, (after, before) => Math.Abs(after - before)).SkipLast(6).Max(), Is.LessThan(0.05), "a few steps from there");
    }

    // A sample with replacement leaves out a third of the rows and takes others twice.
    [TestCase(true)]
    [TestCase(false)]
    public void Without_a_bootstrap_every_member_learns_from_every_row(bool bootstrap)
    {
        var options = Options();
        (options.Bootstrap, options.HoldoutRatio, options.MaxEpochs, options.BatchSize, options.WeightDecays) = (bootstrap, 0, 3, 1, [0, 0, 0]);
        // So small that the networks stay as they are: the loss is that of the rows which were taken.
        options.LearningRate = 1e-12;
        using var learner = Fitted(options, 40);
        var ofAllRows = learner.Report!.HoldoutLosses.Sum();
        Assert.That(learner.Report.TrainLoss, bootstrap ? Is.Not.EqualTo(ofAllRows).Within(0.1).Percent : Is.EqualTo(ofAllRows).Within(0.01).Percent);
    }

    private static ProbabilisticEnsembleTrainer.Options Options()
    {
        var options = LinearGaussianSystem.SmallOptions();
        (options.Loss, options.MaxEpochs) = (DynamicsLoss.SquaredError, 5);
        return options;
    }

    private static EnsembleLearner Fitted(ProbabilisticEnsembleTrainer.Options options, int count)
    {
        using var rows = LinearGaussianSystem.Draw(count, 1);
        var learner = new EnsembleLearner(Layout, options, 1);
        learner.Fit(rows, CancellationToken.None);
        return learner;
    }

    private static float[] Floats(EnsembleLearner learner) => learner.Ensemble.Network.Flat.detach().data<float>().ToArray();

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
