using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Random;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Policies.ValueGradient;
using MbpoML.Tests.Fakes;
using static MbpoML.Tests.Policies.ValueGradient.ValueGradientSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.ValueGradient;

/// <summary>What the losses become at short horizons, and what a row counts after its end.</summary>
public class ValueGradientLossTests
{
    private static readonly Acceleration[] Both = [Acceleration.Auto, Acceleration.Reference];

    [TestCaseSource(nameof(Both))]
    public void Without_steps_the_actors_loss_is_that_of_soft_actor_critic_with_the_mean_of_the_critics(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        var settings = Settings(3, 2, 8, 6) with { Horizon = 0, BoundsValues = false, InitialTemperature = 0.3 };
        using var learner = Learner(settings, new ImaginedEnvironment(Smooth(settings.Layout)), acceleration);
        Randomize(learner, settings);
        var actor = learner.State.Actor.clone();
        var starts = Starts(settings, 1);
        learner.Update(starts);
        var noise = cat(settings.HalfRows.Select((rows, half) => empty([1, rows, 2]).normal_(generator: new Generator((ulong)Seeds.Derive(7, "noise", half))))
            .ToArray(), 1)[0];
        var input = learner.State.Observations.Apply(starts);
        var (action, logProbability) = SoftplusGaussian.Sample(settings.Actor.Forward(actor, input.unsqueeze(0)).squeeze(0), noise);
        var values = settings.Critic.Split(learner.State.Critics).Forward(cat([input, action], 1).expand(3, -1, -1), BiasAddition.AfterProduct).squeeze(2);
        // Twice the same: the smaller of both is the mean of the critics.
        var expected = SacLosses.Actor(tensor([0.3f]), logProbability, values.mean([0], keepdim: true).expand(2, -1));
        Assert.That(learner.TakeMetrics()["policy/policy-loss"], Is.EqualTo(expected.item<float>()).Within(1e-5));
    }

    [TestCaseSource(nameof(Both))]
    public void With_one_step_the_critics_target_is_the_one_step_target_on_an_imagined_transition(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        var settings = Settings(3, 2, 8, 6) with { Horizon = 1, CriticCount = 2, BoundsValues = false, InitialTemperature = 0.3 };
        var model = Smooth(settings.Layout);
        using var learner = Learner(settings, new ImaginedEnvironment(model, Leaving), acceleration);
        Randomize(learner, settings);
        var (actor, critics, targets) = (learner.State.Actor.clone(), learner.State.Critics.clone(), learner.State.Targets.clone());
        var starts = Starts(settings, 1);
        learner.Update(starts);
        var noise = cat(settings.HalfRows.Select((rows, half) => empty([2, rows, 2]).normal_(generator: new Generator((ulong)Seeds.Derive(7, "noise", half))))
            .ToArray(), 1);
        using var scaling = new ActionScaling(settings.ActionSpace, CPU);
        (Tensor Input, Tensor Action, Tensor LogProbability) Draw(Tensor observation, int step)
        {
            var input = learner.State.Observations.Apply(observation);
            var (action, logProbability) = SoftplusGaussian.Sample(settings.Actor.Forward(actor, input.unsqueeze(0)).squeeze(0), noise[step]);
            return (cat([input, action], 1), scaling.Unscale(action), logProbability);
        }
        Tensor Values(Tensor parameters, Tensor input) =>
            settings.Critic.Split(parameters).Forward(input.expand(2, -1, -1), BiasAddition.AfterProduct).squeeze(2);

        var (first, taken, _) = Draw(starts, 0);
        var halves = settings.HalfRows.Select((rows, half) =>
        {
            var at = half * settings.HalfRows[0];
            using var generator = new Generator((ulong)Seeds.Derive(7, "imagining", half));
            return model.Sample(starts.narrow(0, at, rows), taken.narrow(0, at, rows), generator);
        }).ToArray();
        var (next, reward) = (cat(halves.Select(half => half.NextObservation).ToArray()), cat(halves.Select(half => half.Reward).ToArray()));
        var terminated = Leaving.Evaluate(starts, taken, next).to(float32);
        Assert.That(terminated.sum().item<float>(), Is.InRange(1, settings.BatchSize - 1));
        var (last, _, logProbability) = Draw(next, 1);
        var target = SacLosses.Target(reward, terminated, Values(targets, last), logProbability, tensor([0.3f]), 0.9);
        var loss = (Values(critics, first) - target).square().mean();
        Assert.That(learner.TakeMetrics()["policy/q-loss"], Is.EqualTo(loss.item<float>()).Within(1e-4).Percent);
    }

    [TestCase(Acceleration.Auto, false)]
    [TestCase(Acceleration.Reference, false)]
    [TestCase(Acceleration.Auto, true)]
    [TestCase(Acceleration.Reference, true)]
    public void A_row_that_has_ended_counts_nothing_even_where_the_model_makes_no_numbers_of_it(Acceleration acceleration, bool valuesEnds)
    {
        var settings = Settings(3, 2, 8, 6) with { Horizon = 3, BatchSize = 10, ValuesEnds = valuesEnds };
        float[] Learn(bool spoiled, int updates)
        {
            using var learner = Learner(settings, new ImaginedEnvironment(Ending(settings, spoiled)), acceleration);
            Randomize(learner, settings);
            for (var update = 0; update < updates; update++)
            {
                using var starts = Starts(settings, update);
                // Every third row ends with its first step.
                for (var row = 0; row < settings.BatchSize; row += 3) starts[row, 1] = 9;
                learner.Update(starts);
            }
            var metrics = learner.TakeMetrics();
            return [.. AllParameters(learner), .. metrics.Values.Select(value => (float)value)];
        }
        var expected = Learn(spoiled: false, 3);
        Assert.That(expected.All(float.IsFinite), Is.True);
        Assert.That(Learn(spoiled: true, 3), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Both))]
    public void The_step_that_ends_a_row_still_counts(Acceleration acceleration)
    {
        // All rows end with the first step, whose reward alone teaches: the best action is 0.5.
        var settings = Settings(1, 1, 16) with { Horizon = 2, BatchSize = 32, InitialTemperature = 1e-3, ActorLearningRate = 5e-3, TargetEntropy = -20 };
        var model = new FunctionModel(settings.Layout, (observation, action, _) =>
            new ImaginedStep(observation, -(action.select(1, 0) - 0.5).square(), ones(observation.size(0), ScalarType.Bool)));
        using var learner = Learner(settings, new ImaginedEnvironment(model), acceleration);
        Train(learner, settings, 400);
        using var probe = tensor([-1f, 0, 1]).unsqueeze_(1);
        using var actions = learner.Act(probe);
        Assert.That(Floats(actions), Is.All.EqualTo(0.5f).Within(0.1f));
        Assert.That(learner.TakeMetrics()["policy/imagined-length"], Is.EqualTo(1));
    }

    [TestCaseSource(nameof(Both))]
    public void Critics_at_ends_lead_a_policy_away_from_them(Acceleration acceleration)
    {
        // Each step earns 1. Fresh policies push by about 0 and end at once; a push of about -0.75 lasts.
        float Length(bool valuesEnds)
        {
            var settings = Settings(1, 1, 16) with
            {
                Horizon = 2,
                BatchSize = 32,
                InitialTemperature = 1e-3,
                ActorLearningRate = 3e-3,
                CriticLearningRate = 3e-3,
                TargetEntropy = -20,
                ValuesEnds = valuesEnds,
            };
            var model = new FunctionModel(settings.Layout, (observation, action, _) =>
            {
                var next = (observation * 0.1) + 2.25 + (action * 3);
                return new ImaginedStep(next, ones(observation.size(0)), next.select(1, 0).abs() > 1);
            });
            using var learner = Learner(settings, new ImaginedEnvironment(model), acceleration);
            Train(learner, settings, 600);
            learner.TakeMetrics();
            Train(learner, settings, 20);
            return (float)learner.TakeMetrics()["policy/imagined-length"];
        }
        var (without, with) = (Length(false), Length(true));
        TestContext.Out.WriteLine($"{without} {with}");
        Assert.That(with, Is.GreaterThan(1.9));
        Assert.That(without, Is.LessThan(1.5), "no derivative leads away from an end");
    }

    [Test]
    public void A_known_reward_is_learned_through_and_a_constant_one_is_taken_as_it_is()
    {
        using var scope = NewDisposeScope();
        var settings = Settings(2, 1, 6);
        var known = RewardFunction.FromTensors((observation, action, next) => action.select(1, 0).cos() - (next.square().mean([1]) * 0.2));
        foreach (var acceleration in Both)
        {
            using var predicted = Learner(settings, new ImaginedEnvironment(Smooth(settings.Layout), Leaving), acceleration);
            using var told = Learner(settings, new ImaginedEnvironment(Smooth(settings.Layout), Leaving, known), acceleration);
            Train(predicted, settings, 20);
            Train(told, settings, 20);
            Assert.That(LargestDifference(AllParameters(told), AllParameters(predicted)), Is.LessThan(1e-5), $"{acceleration}");
            using var constant = Learner(
                settings, new ImaginedEnvironment(Smooth(settings.Layout), Leaving, RewardFunction.FromRow((_, _, _) => 1)), acceleration);
            Assert.That(() => Train(constant, settings, 1), Throws.Nothing);
            using var rows = Learner(
                settings, new ImaginedEnvironment(Smooth(settings.Layout), Leaving, RewardFunction.FromRow((_, action, _) => action[0])), acceleration);
            Assert.That(() => Train(rows, settings, 1), Throws.InvalidOperationException.With.Message.Contains("RewardFunction.FromTensors"));
        }
    }

    // Rows that begin at 9 in the second observation end at once; asked about them again, a spoiled model gives what is no number.
    private static FunctionModel Ending(ValueGradientSettings settings, bool spoiled)
    {
        var smooth = Smooth(settings.Layout);
        var calls = new System.Collections.Concurrent.ConcurrentDictionary<Generator, int>();
        return new FunctionModel(settings.Layout, (observation, action, generator) =>
        {
            var sample = smooth.Sample(observation, action, generator);
            var ended = observation.select(1, 1) > 5;
            // Each half of the rows is asked about three times an update.
            var call = calls[generator] = calls.GetValueOrDefault(generator) + 1;
            if (!spoiled || call % 3 == 1) return new ImaginedStep(sample.NextObservation, sample.Reward, ended);
            var factor = where(ended, full_like(sample.Reward, float.NaN), ones_like(sample.Reward));
            return new ImaginedStep(sample.NextObservation * factor.unsqueeze(1), sample.Reward * factor, ended);
        });
    }

    // The last layer of fresh critics is zero, and with it all that they say.
    private static void Randomize(ValueGradientLearner learner, ValueGradientSettings settings)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var last = settings.Critic.Layers - 1;
        learner.State.Critics.narrow(1, settings.Critic.WeightOffset(last), settings.Critic.In(last) + 1).normal_(0, 0.5, generator);
        learner.State.Targets.copy_(learner.State.Critics);
        learner.State.Targets.narrow(1, 0, 5).add_(0.1);
    }
}
