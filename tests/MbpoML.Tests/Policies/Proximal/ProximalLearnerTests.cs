using MbpoML.Policies.OnPolicy;
using MbpoML.Policies.Proximal;
using MbpoML.Saving;
using MbpoML.Tests.Policies.OnPolicy;
using static MbpoML.Tests.Policies.OnPolicy.EpisodeSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.Proximal;

public class ProximalLearnerTests
{
    private static readonly ProximalSettings Usual = new(
        Clip: 0.2, Epochs: 10, BatchSize: 64, LearningRate: 3e-3, DivergenceBound: 0.015, GradientClipping: 0.5, EntropyCoefficient: 0);

    private static OnPolicySettings Valued(int observations = 3, int actions = 2) => Settings(observations, actions) with { ValuesCutEpisodes = true };

    [Test]
    public void The_best_policy_of_a_linear_Gaussian_task_is_reached()
    {
        var settings = Valued(1, 1) with
        {
            ActionSpace = MbpoML.Environments.BoxSpace.Uniform(1, -4, 4),
            EpisodesPerUpdate = 50,
            EpisodeSteps = 20,
            Discount = 0.9,
            Lambda = 0.95,
        };
        using var learner = New(settings, Usual with { BatchSize = 250 });
        for (var update = 0; update < 100; update++)
        {
            using var scope = NewDisposeScope();
            learner.Update(Linear(learner, settings.Layout, update));
        }

        var probes = new[] { -1.5f, -1, -0.5f, 0.5f, 1, 1.5f };
        using var probe = tensor(probes).unsqueeze_(1);
        using var actions = learner.Act(probe);
        var errors = Floats(actions).Zip(probes, (action, state) => Math.Abs(action + (BestGain(0.9) * state))).ToArray();
        Assert.That(BestGain(0.9), Is.InRange(0.8, 1.2), "no policy that does nothing passes");
        Assert.That(errors.Max(), Is.LessThan(0.25), string.Join(" ", errors));
        Assert.That(ShareOfBest(learner.Act, 0.9), Is.InRange(0.95, 1.0001));
    }

    [Test]
    public void Passes_end_when_the_policy_has_moved_too_far()
    {
        var settings = Valued();
        var (bounded, free) = (Run(Usual with { DivergenceBound = 1e-6 }), Run(Usual with { DivergenceBound = null }));
        Assert.Multiple(() =>
        {
            Assert.That(bounded["policy/epochs"], Is.EqualTo(1));
            Assert.That(free["policy/epochs"], Is.EqualTo(10));
            Assert.That(bounded["policy/divergence"], Is.GreaterThan(1e-6).And.LessThan(free["policy/divergence"]));
            Assert.That(free["policy/clipped-fraction"], Is.InRange(0.001, 0.9));
            Assert.That(free["policy/value-loss"], Is.Positive);
        });

        IReadOnlyDictionary<string, double> Run(ProximalSettings proximal)
        {
            using var learner = New(settings, proximal);
            Train(learner, settings, 1);
            return learner.TakeMetrics();
        }
    }

    [Test]
    public void An_entropy_bonus_keeps_deviations_wider()
    {
        var settings = Valued();
        using var plain = New(settings, Usual);
        using var wide = New(settings, Usual with { EntropyCoefficient = 0.1 });
        Train(plain, settings, 5);
        Train(wide, settings, 5);
        Assert.That(wide.TakeMetrics()["policy/log-deviation"], Is.GreaterThan(plain.TakeMetrics()["policy/log-deviation"]));
    }

    [Test]
    public void Same_seed_gives_the_same_learner_bit_for_bit()
    {
        var settings = Valued();
        using var first = New(settings, Usual);
        using var second = New(settings, Usual);
        using var other = New(settings, Usual, seed: 4);
        foreach (var learner in (ProximalLearner[])[first, second, other]) Train(learner, settings, 2);
        Assert.That(Floats(second.Parameters), Is.EqualTo(Floats(first.Parameters)));
        Assert.That(Floats(other.Parameters), Is.Not.EqualTo(Floats(first.Parameters)));
    }

    [TestCase(0)]
    [TestCase(2)]
    public void A_restored_learner_goes_on_bit_for_bit(int stop)
    {
        var settings = Valued();
        using var original = New(settings, Usual);
        using var restored = New(settings, Usual, seed: 99);
        Train(original, settings, stop);
        using (var saved = StateMemory.Of(original)) saved.RestoreTo(restored);
        Train(original, settings, 4, stop);
        Train(restored, settings, 4, stop);
        Assert.That(Floats(restored.Parameters), Is.EqualTo(Floats(original.Parameters)));
        Assert.That(restored.TakeMetrics(), Is.EqualTo(original.TakeMetrics()));
    }

    [TestCase("optimizer/first-moment")]
    [TestCase("values/weights")]
    [TestCase("random-state")]
    public void A_state_without_a_part_is_refused_and_changes_nothing(string part)
    {
        using var learner = New(Valued(), Usual);
        var before = Floats(learner.Parameters);
        using var other = New(Valued(), Usual, seed: 8);
        using var saved = StateMemory.Of(other);
        saved.Replace(part, null);
        Assert.That(() => saved.RestoreTo(learner), Throws.InstanceOf<CheckpointException>().With.Message.Contains(part));
        Assert.That(Floats(learner.Parameters), Is.EqualTo(before));
    }

    private static ProximalLearner New(OnPolicySettings settings, ProximalSettings proximal, int seed = 3) => new(Context(), settings, proximal, seed, CPU);

    private static void Train(ProximalLearner learner, OnPolicySettings settings, int updates, int first = 0)
    {
        for (var update = first; update < updates; update++)
        {
            using var scope = NewDisposeScope();
            learner.Update(EpisodeSamples.Imagine(learner, settings.Layout, update));
        }
    }
}
