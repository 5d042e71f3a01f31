using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Policies.ValueGradient;
using MbpoML.Tests.Dynamics.Homoscedastic;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Policies.SoftActorCritic;
using static MbpoML.Tests.Policies.ValueGradient.ValueGradientSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.ValueGradient;

public class ValueGradientLearnerTests
{
    private static readonly Acceleration[] Both = [Acceleration.Auto, Acceleration.Reference];

    // s' = 0.9 s + 0.5 a + 0.1 ε, r = -(s² + 0.3 a²): linear, Gaussian and quadratic, so the best policy is a = -K s.
    private const double Drift = 0.9, Push = 0.5, Effort = 0.3, Discount = 0.9;

    [TestCase(Acceleration.Auto, 1)]
    [TestCase(Acceleration.Auto, 3)]
    [TestCase(Acceleration.Reference, 5)]
    public void The_best_policy_of_a_linear_Gaussian_task_is_reached(Acceleration acceleration, int horizon)
    {
        var settings = Settings(1, 1, 32, 32) with
        {
            Horizon = horizon,
            BatchSize = 64,
            CriticCount = 2,
            Discount = Discount,
            ActorLearningRate = 3e-3,
            CriticLearningRate = 3e-3,
            TargetSmoothing = 0.02,
            BoundsRate = 0.01,
            ActorAveraging = 0.01,
            InitialTemperature = 1e-3,
            TemperatureLearningRate = 1e-5,
        };
        settings = settings with { ActionSpace = MbpoML.Environments.BoxSpace.Uniform(1, -4, 4) };
        var model = new FunctionModel(settings.Layout, (state, action, generator) =>
        {
            var next = (Drift * state) + (Push * action) + (0.1 * randn(state.shape, generator: generator));
            return new ImaginedStep(next, -(state.square() + (Effort * action.square())).squeeze(1), null!);
        });
        using var learner = Learner(settings, new ImaginedEnvironment(model), acceleration);
        for (var update = 0; update < 2000; update++)
        {
            using var generator = new Generator((ulong)update);
            using var starts = (rand(64, 1, generator: generator) * 4).sub_(2);
            learner.Update(starts);
        }

        var probes = new[] { -1.5f, -1, -0.5f, 0, 0.5f, 1, 1.5f };
        using var probe = tensor(probes).unsqueeze_(1);
        using var actions = learner.Act(probe);
        var errors = Floats(actions).Zip(probes, (action, state) => Math.Abs(action + (BestGain() * state)));
        Assert.That(BestGain(), Is.InRange(0.8, 1.2), "no policy that does nothing passes");
        Assert.That(errors.Max(), Is.LessThan(0.15));
        using var values = learner.Value(probe);
        var wrong = Floats(values).Zip(probes, (value, state) => Math.Abs(value - BestValue(state)));
        Assert.That(BestValue(1.5) / BestValue(0), Is.GreaterThan(5), "no constant passes");
        Assert.That(wrong.Max(), Is.LessThan(1));
    }

    [TestCaseSource(nameof(Both))]
    public void Updates_of_the_critics_alone_leave_the_policy(Acceleration acceleration)
    {
        var settings = Settings(3, 2, 16) with { TargetSmoothing = 0.25, ActorAveraging = 0.5 };
        using var task = Ensemble(settings.Layout);
        using var learner = Learner(settings, task.Imagined, acceleration);
        var (actor, alpha, critics, targets) =
            (Floats(learner.State.Actor), learner.State.LogAlpha.item<float>(), Floats(learner.State.Critics), Floats(learner.State.Targets));
        using var starts = Starts(settings, 1);
        learner.UpdateCritics(starts);
        Assert.Multiple(() =>
        {
            Assert.That(Floats(learner.State.Actor), Is.EqualTo(actor));
            Assert.That(Floats(learner.State.ActingActor), Is.EqualTo(actor));
            Assert.That(learner.State.LogAlpha.item<float>(), Is.EqualTo(alpha));
            Assert.That(Floats(learner.State.Critics), Is.Not.EqualTo(critics));
            var expected = targets.Zip(Floats(learner.State.Critics), (target, critic) => target + (0.25f * (critic - target))).ToArray();
            Assert.That(LargestDifference(Floats(learner.State.Targets), expected), Is.LessThan(1e-7));
            Assert.That(learner.TakeMetrics().Keys, Is.EqualTo(ValueGradientMetrics.Names.Take(ValueGradientMetrics.OfCritics)));
        });
    }

    [TestCaseSource(nameof(Both))]
    public void Decay_shrinks_weights_beside_the_gradient(Acceleration acceleration)
    {
        var settings = Settings(3, 2, 16) with { ActorLearningRate = 1e-3, CriticLearningRate = 1e-3 };
        using var task = Ensemble(settings.Layout);
        using var plain = Learner(settings, task.Imagined, acceleration);
        using var decayed = Learner(settings with { WeightDecay = 10 }, task.Imagined, acceleration);
        var before = Floats(plain.State.Actor);
        using var starts = Starts(settings, 1);
        plain.Update(starts);
        decayed.Update(starts);
        // The same step of Adam, from weights that are smaller by 1 %.
        var expected = Floats(plain.State.Actor).Zip(before, (after, weight) => after - (0.01f * weight)).ToArray();
        Assert.That(LargestDifference(Floats(decayed.State.Actor), expected), Is.LessThan(2e-5));
        Assert.That(LargestDifference(Floats(decayed.State.Actor), Floats(plain.State.Actor)), Is.GreaterThan(1e-3));
    }

    [TestCase(5.0, true)]
    [TestCase(-50.0, false)]
    public void Alpha_rises_when_the_policy_is_less_random_than_wanted_and_falls_otherwise(double targetEntropy, bool rises)
    {
        foreach (var acceleration in Both)
        {
            var settings = Settings(3, 2, 8) with { TargetEntropy = targetEntropy };
            using var task = Ensemble(settings.Layout);
            using var learner = Learner(settings, task.Imagined, acceleration);
            Train(learner, settings, 10);
            var moved = learner.State.LogAlpha.item<float>() - Math.Log(0.1);
            Assert.That(rises ? moved : -moved, Is.GreaterThan(0.002), $"{acceleration}");
        }
    }

    [Test]
    public void First_actors_are_orthogonal_and_first_critics_value_everything_alike()
    {
        using var scope = NewDisposeScope();
        var settings = Settings(17, 6, 64, 64) with { CriticCount = 5 };
        using var state = new ValueGradientState(settings, 1, CPU);
        for (var layer = 0; layer < settings.Actor.Layers; layer++)
        {
            var (inputs, outputs) = (settings.Actor.In(layer), settings.Actor.Out(layer));
            var weights = state.Actor[0].narrow(0, settings.Actor.WeightOffset(layer), inputs * outputs).view(inputs, outputs);
            var product = inputs < outputs ? weights.mm(weights.t()) : weights.t().mm(weights);
            Assert.That((product - eye(Math.Min(inputs, outputs))).abs().max().item<float>(), Is.LessThan(1e-5), $"layer {layer}");
        }
        var input = randn(5, 40, 23, generator: new Generator(1));
        Assert.That(settings.Critic.Forward(state.Critics, input).abs().max().item<float>(), Is.Zero);
        Assert.That(Floats(state.Targets), Is.EqualTo(Floats(state.Critics)));
        Assert.That(Floats(state.Critics[0]), Is.Not.EqualTo(Floats(state.Critics[1])));
        var first = Floats(state.Critics[0].narrow(0, 0, settings.Critic.BiasOffset(0)));
        Assert.That(first.Average(weight => weight * weight), Is.EqualTo(2.0 / 23).Within(10).Percent);
    }

    [Test]
    public void Actions_of_one_row_of_a_batch_and_of_the_transformer_are_the_same([Values] bool averages)
    {
        var settings = Settings(3, 2, 24, 16) with { ActorAveraging = averages ? 0.05 : null };
        using var task = Ensemble(settings.Layout);
        using var learner = Learner(settings, task.Imagined);
        Train(learner, settings, 20);
        using var observations = Starts(settings, 5);
        using var most = learner.Act(observations);
        using var policy = learner.ToTransformer();
        using var served = policy.Act(observations);
        Assert.That(LargestDifference(Floats(served), Floats(most)), Is.LessThan(1e-5));
        using var one = new Generator(8);
        using var two = new Generator(8);
        using var row = observations[0].unsqueeze(0);
        using var drawn = learner.Sample(row, one);
        using var actor = learner.NewActor();
        var (observation, action) = (Floats(row).Select(value => (double)value).ToArray(), new double[2]);
        actor.Act(observation, action, two);
        Assert.That(LargestDifference([.. action.Select(value => (float)value)], Floats(drawn)), Is.LessThan(1e-5), "a draw");
        actor.Act(observation, action, null);
        Assert.That(LargestDifference([.. action.Select(value => (float)value)], Floats(most)[..2]), Is.LessThan(1e-5), "the most likely action");
        if (averages) return;
        using var three = new Generator(8);
        using var servedDraw = policy.Sample(row, three);
        Assert.That(LargestDifference(Floats(servedDraw), Floats(drawn)), Is.LessThan(1e-5), "a draw of the transformer");
    }

    [TestCase(Acceleration.Auto, 1, 3_000)]
    [TestCase(Acceleration.Auto, 2, 1_000)]
    [TestCase(Acceleration.Reference, 1, 200)]
    public void Live_tensors_stay_constant(Acceleration acceleration, int workers, int updates)
    {
        var settings = Settings(2, 1, 8);
        using var task = Ensemble(settings.Layout);
        using var learner = Learner(settings, task.Imagined, acceleration, workers);
        using var starts = Starts(settings, 1);
        for (var update = 0; update < 300; update++) learner.Update(starts);
        var before = LiveTensors.Settled();
        for (var update = 0; update < updates; update++) learner.Update(starts);
        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void The_fast_path_allocates_next_to_nothing(int workers)
    {
        using var task = Ensemble(new TransitionLayout(17, 6), ends: false);
        Assert.That(BytesOfAnUpdate(task.Imagined.Model, workers), Is.LessThan(600), "bytes an update, of all threads");
    }

    [TestCase(1)]
    [TestCase(2)]
    public void The_fast_path_through_the_ensemble_with_constant_noise_allocates_next_to_nothing(int workers)
    {
        using var ensemble = HomoscedasticSamples.Prepared(HomoscedasticSamples.Small(8, [32, 32], workers: workers), new TransitionLayout(17, 6));
        Assert.That(BytesOfAnUpdate(ensemble.Ensemble, workers), Is.LessThan(600), "bytes an update, of all threads");
    }

    // The least of several rounds: on a busy machine other threads of the process allocate, too.
    private static double BytesOfAnUpdate(IDynamicsModel model, int workers)
    {
        const int Rounds = 5, Updates = 100;
        var settings = Settings(17, 6, 32, 32) with { BatchSize = 64, Horizon = 5, CriticCount = 5 };
        var imagined = new ImaginedEnvironment(model, MbpoML.Environments.Functions.TerminationFunction.FromRow((_, _, next) => Math.Abs(next[0]) > 1.5f));
        using var learner = Learner(settings, imagined, workers: workers);
        using var starts = Starts(settings, 1);
        // Blocks of rows by member come to be as they are drawn.
        for (var update = 0; update < 300; update++) learner.Update(starts);
        var bytes = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var update = 0; update < Updates; update++) learner.Update(starts);
            bytes[round] = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Updates;
        }

        return bytes.Min();
    }

    [Test]
    public void Wrong_calls_are_refused()
    {
        var settings = Settings(3, 2, 8);
        using var task = Ensemble(settings.Layout);
        using var learner = new ValueGradientLearner(Context(), settings, 1, CPU);
        using var starts = Starts(settings, 1);
        using var rows = SacSamples.Rows(settings.Layout, 10, 1);
        using var none = rows.narrow(0, 0, 0);
        using var spoiled = starts.clone();
        using (var first = spoiled[0]) first.fill_(float.NaN);
        using var few = starts.narrow(0, 0, 5);
        Assert.Multiple(() =>
        {
            Assert.That(() => learner.Update(starts), Throws.InvalidOperationException.With.Message.Contains("UseModel"));
            Assert.That(() => learner.UseModel(new ImaginedEnvironment(task.Imagined.Model, propagation: Propagation.Mean)),
                Throws.ArgumentException.With.Message.Contains("Mean"));
            Assert.That(() => learner.UseModel(null!), Throws.ArgumentNullException);
            learner.UseModel(task.Imagined);
            Assert.That(() => learner.Update(starts), Throws.InvalidOperationException.With.Message.Contains("Look"));
            Assert.That(() => learner.Look(starts), Throws.ArgumentException.With.Message.Contains("[rows, 11]"));
            Assert.That(() => learner.Look(none), Throws.ArgumentException.With.Message.Contains("no rows"));
            learner.Look(rows);
            Assert.That(() => learner.Update(few), Throws.ArgumentException.With.Message.Contains("5 start states").And.Message.Contains("16"));
            Assert.That(() => learner.UpdateCritics(rows), Throws.ArgumentException.With.Message.Contains("[rows, 3]"));
            Assert.That(() => learner.Update(spoiled), Throws.ArgumentException.With.Message.Contains("[0, 0]"));
            Assert.That(() => learner.Act(rows), Throws.ArgumentException);
            Assert.That(learner.TakeMetrics(), Is.Empty);
        });
    }

    [TestCaseSource(nameof(Both))]
    public void A_model_without_a_gradient_is_told_so(Acceleration acceleration)
    {
        var settings = Settings(3, 2, 8);
        var model = new FunctionModel(settings.Layout, (observation, action, _) =>
        {
            using var noGradient = no_grad();
            return new ImaginedStep(observation + 0.1, action.select(1, 0), null!);
        });
        using var learner = Learner(settings, new ImaginedEnvironment(model), acceleration);
        using var starts = Starts(settings, 1);
        Assert.That(() => learner.Update(starts),
            Throws.InvalidOperationException.With.Message.Contains("IDifferentiableDynamicsModel").And.Message.Contains("FunctionModel"));
    }

    [TestCaseSource(nameof(Both))]
    public void Divergence_is_told_with_its_cause_and_leaves_the_last_sound_policy(Acceleration acceleration)
    {
        var settings = Settings(3, 2, 8);
        var isSpoiled = false;
        var smooth = Smooth(settings.Layout);
        var model = new FunctionModel(settings.Layout, (observation, action, generator) =>
        {
            var sample = smooth.Sample(observation, action, generator);
            return new ImaginedStep(sample.NextObservation, isSpoiled ? sample.Reward * float.NaN : sample.Reward, null!);
        });
        using var learner = Learner(settings, new ImaginedEnvironment(model), acceleration);
        Train(learner, settings, 10);
        learner.ThrowIfDiverged();
        isSpoiled = true;
        Train(learner, settings, 3);
        Assert.That(learner.ThrowIfDiverged, Throws.InstanceOf<LearningException>().With.Message.Contains("the model imagines rewards that are not finite"));
        Assert.That(learner.ToParameters().Weights.SelectMany(weights => weights).All(float.IsFinite), Is.True);
    }

    // The gain of the discounted regulator, by value iteration on p in V = -p s² + c.
    private static double BestGain() => Gain(Riccati());

    // -(p s² + γ p σ² / (1 - γ)): what s costs, and what the noise of each later step does.
    private static double BestValue(double state) => -Riccati() * ((state * state) + (Discount * 0.01 / (1 - Discount)));

    private static double Riccati()
    {
        var p = 1.0;
        for (var round = 0; round < 1000; round++) p = 1 + (Effort * Gain(p) * Gain(p)) + (Discount * p * Math.Pow(Drift - (Push * Gain(p)), 2));
        return p;
    }

    private static double Gain(double p) => Discount * p * Drift * Push / (Effort + (Discount * p * Push * Push));
}
