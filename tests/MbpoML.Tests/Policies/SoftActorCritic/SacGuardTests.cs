using MbpoML.Numerics;
using MbpoML.Policies.SoftActorCritic;
using static MbpoML.Tests.Policies.SoftActorCritic.SacSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.SoftActorCritic;

/// <summary>Faults put into a learner by hand, and healthy learners that look nearly as bad.</summary>
[Category("Text")]
public class SacGuardTests
{
    private static readonly Acceleration[] Both = [Acceleration.Auto, Acceleration.Reference];
    private readonly SacSettings _settings = Settings(3, 2, 16, 16);

    private static IEnumerable<TestCaseData> Spoiled =>
        from acceleration in Both
        from value in new[] { float.NaN, float.PositiveInfinity }
        from name in new[] { "actor", "critics", "targets", "log-alpha" }
        select new TestCaseData(acceleration, name, value);

    [TestCaseSource(nameof(Spoiled))]
    public void A_parameter_that_is_not_finite_is_found_after_one_update_and_the_sound_policy_is_kept(Acceleration acceleration, string name, float value)
    {
        using var learner = Learner(_settings, acceleration);
        Update(learner);
        learner.ThrowIfDiverged();
        var before = learner.ToParameters().Weights[0];
        Spoil(learner, name, value);
        Update(learner);
        var fault = Assert.Throws<LearningException>(learner.ThrowIfDiverged)!;
        Assert.Multiple(() =>
        {
            Assert.That(fault.Quantity, Is.Not.Empty);
            Assert.That(double.IsFinite(fault.Value), Is.False);
            Assert.That(fault.Message, Does.Contain("after 2 updates").And.Contain(fault.Quantity).And.Contain("look ordinary").And.Contain("GradientClipping")
                .And.Not.Contain("Likely causes"));
            Assert.That(learner.ToParameters().Weights[0], Has.All.Matches<float>(float.IsFinite));
            Assert.That(LargestDifference(learner.ToParameters().Weights[0], before), Is.LessThan(1e-3), "the weights before the first update");
        });
    }

    [TestCaseSource(nameof(Both))]
    public void Weights_that_the_last_update_spoiled_are_found_before_the_policy_acts(Acceleration acceleration)
    {
        using var learner = Learner(_settings, acceleration);
        Update(learner);
        Spoil(learner, "actor", float.NaN);
        Assert.That(learner.ThrowIfDiverged,
            Throws.TypeOf<LearningException>().With.Property(nameof(LearningException.Quantity)).EqualTo("sum of the actor's weights"));
    }

    [TestCaseSource(nameof(Both))]
    public void Rewards_too_large_for_float32_are_found(Acceleration acceleration)
    {
        using var learner = Learner(_settings with { RewardScale = 1e30 }, acceleration);
        Update(learner);
        Assert.That(learner.ThrowIfDiverged, Throws.TypeOf<LearningException>().With.Message.Contains("lower RewardScale")
            .And.Message.Not.Contains("StandardizeObservations").And.Message.Not.Contains("the LearningRate is"));
    }

    [Test]
    public void The_causes_are_those_that_the_minibatch_shows()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Fault(_settings, rows => rows.select(1, 1).mul_(1000).add_(101_325)), Does.Contain("observation 1 is of the size")
                .And.Contain("SoftActorCriticTrainer.Options.StandardizeObservations").And.Not.Contain("RewardScale"));
            Assert.That(Fault(_settings, rows => _settings.Layout.Reward(rows).mul_(1e6)),
                Does.Contain("lower RewardScale").And.Not.Contain("StandardizeObservations"));
            Assert.That(Fault(_settings with { LearningRate = 0.1 }, _ => { }),
                Does.Contain("the LearningRate is 0.1").And.Not.Contain("StandardizeObservations"));
            Assert.That(Fault(_settings, rows => _settings.Layout.Action(rows).select(1, 1).mul_(1000)),
                Does.Contain("action 1 is").And.Contain("ActionSpace"));
            Assert.That(Fault(_settings with { GradientClipping = 5 }, _ => { }),
                Does.Contain("GradientClipping is 5: a lower one").And.Contain("look ordinary"));
        });
    }

    [TestCase(null, 1e7)]
    [TestCase(50.0, 100)]
    public void Exploding_critics_are_found(double? limit, double value)
    {
        using var learner = Learner(_settings with { MaxAbsoluteQ = limit });
        Update(learner);
        learner.ThrowIfDiverged();
        AddToValues(learner, value);
        Update(learner);
        var fault = Assert.Throws<LearningException>(learner.ThrowIfDiverged)!;
        Assert.That(fault.Quantity, Is.EqualTo("policy/q-mean"));
        Assert.That(fault.Value, Is.EqualTo(value).Within(0.1 * value));
        Assert.That(fault.Message, Does.Contain("critics exploded").And.Contain("MaxAbsoluteQ"));
    }

    [TestCase(double.MaxValue, 0.99)]
    [TestCase(null, 1.0)]
    public void The_limit_of_the_critics_can_be_switched_off_and_is_off_without_discounting(double? limit, double discount)
    {
        using var learner = Learner(_settings with { MaxAbsoluteQ = limit, Discount = discount });
        Update(learner);
        learner.ThrowIfDiverged();
        AddToValues(learner, 1e9);
        Update(learner);
        Assert.That(learner.ThrowIfDiverged, Throws.Nothing);
    }

    [Test]
    public void Critics_that_say_much_from_the_start_are_no_fault()
    {
        using var learner = Learner(_settings);
        AddToValues(learner, 1e9);
        for (var check = 0; check < 20; check++)
        {
            Update(learner);
            Assert.That(learner.ThrowIfDiverged, Throws.Nothing);
        }
    }

    [TestCaseSource(nameof(Both))]
    public void A_policy_whose_deviations_are_all_at_their_lower_bound_is_found(Acceleration acceleration)
    {
        using var learner = Learner(_settings, acceleration);
        SetHeadBias(learner, mean: 0, logDeviation: -60);
        var checks = 0;
        var fault = Assert.Throws<LearningException>(() =>
        {
            for (; checks < 50; checks++)
            {
                Update(learner);
                learner.ThrowIfDiverged();
            }
        })!;
        Assert.That(checks, Is.EqualTo(SacGuard.ChecksUntilCollapsed), "one finds it suspicious, ten confirm it");
        Assert.That(fault.Quantity, Is.EqualTo("policy/entropy"));
        Assert.That(fault.Message, Does.Contain("variance collapsed").And.Contain("EntropyCoefficient"));
    }

    [TestCase(40f, 0f, null, Description = "Actions at their bounds have as little entropy, but a deviation that learns.")]
    [TestCase(0f, -60f, 0.1, Description = "With a constant coefficient nobody asks for entropy.")]
    public void A_determined_policy_is_no_fault(float mean, float logDeviation, double? coefficient)
    {
        using var learner = Learner(_settings with { EntropyCoefficient = coefficient });
        SetHeadBias(learner, mean, logDeviation);
        for (var check = 0; check < 50; check++)
        {
            Update(learner);
            Assert.That(learner.ThrowIfDiverged, Throws.Nothing);
        }
        Assert.That(learner.TakeMetrics()["policy/entropy"], Is.LessThan(-2 * 18));
    }

    [TestCaseSource(nameof(Both))]
    public void Checks_change_neither_what_is_learned_nor_what_is_measured(Acceleration acceleration)
    {
        using var free = Learner(_settings, acceleration);
        using var watched = Learner(_settings, acceleration);
        for (var update = 0; update < 25; update++)
        {
            Update(free, update);
            Update(watched, update);
            if (update % 4 == 0) watched.ThrowIfDiverged();
        }
        var expected = free.TakeMetrics();
        Assert.That(AllParameters(watched), Is.EqualTo(AllParameters(free)));
        foreach (var (name, value) in watched.TakeMetrics()) Assert.That(value, Is.EqualTo(expected[name]).Within(1e-4), name);
    }

    // What a learner that was spoiled says of a minibatch.
    private static string Fault(SacSettings settings, Action<Tensor> change)
    {
        using var learner = Learner(settings);
        using var rows = Rows(settings.Layout, 32, 1);
        using (no_grad()) change(rows);
        Spoil(learner, "critics", float.NaN);
        learner.Update(rows);
        return Assert.Throws<LearningException>(learner.ThrowIfDiverged)!.Message;
    }

    private void Update(SacLearner learner, int seed = 1)
    {
        using var rows = Rows(_settings.Layout, 32, seed);
        learner.Update(rows);
    }

    private static void Spoil(SacLearner learner, string name, float value)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var state = learner.State;
        var parameter = name switch { "actor" => state.Actor, "critics" => state.Critics, "targets" => state.Targets, _ => state.LogAlpha };
        parameter.view(-1).narrow(0, parameter.numel() - 1, 1).fill_(value);
    }

    // The bias of the last layer, of critics and targets.
    private void AddToValues(SacLearner learner, double value)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var critics in (Tensor[])[learner.State.Critics, learner.State.Targets]) critics.narrow(1, _settings.Critic.BiasOffset(2), 1).add_(value);
    }

    private void SetHeadBias(SacLearner learner, float mean, float logDeviation)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var biases = learner.State.Actor.narrow(1, _settings.Actor.BiasOffset(2), 4);
        biases.narrow(1, 0, 2).fill_(mean);
        biases.narrow(1, 2, 2).fill_(logDeviation);
    }
}
