using MbpoML.Policies;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies;

public class PolicyTransformerStochasticTests
{
    private static readonly float[] Observation = [0.3f, -0.7f, 0.2f];

    [TestCase(false)]
    [TestCase(true)]
    public void Transform_draws_from_the_policys_normal_before_the_tanh(bool smooth)
    {
        var actor = smooth ? PolicyFixture.SmoothActor() : PolicyFixture.Actor();
        using var policy = PolicyFixture.Policy(actor: actor).AsStochastic(seed: 3);
        CheckMoments(actor, PolicyFixture.Actions(policy.Transform(PolicyFixture.View(Enumerable.Repeat(Observation, 20_000)))));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Sample_draws_from_the_same_normal_and_repeats_with_its_generator(bool smooth)
    {
        var actor = smooth ? PolicyFixture.SmoothActor() : PolicyFixture.Actor();
        using var policy = PolicyFixture.Policy(actor: actor);
        using var batch = tensor(Enumerable.Repeat(Observation, 20_000).SelectMany(row => row).ToArray(), [20_000, 3]);
        float[] Draw(ulong seed)
        {
            using var generator = new Generator(seed, CPU);
            using var actions = policy.Sample(batch, generator);
            return actions.data<float>().ToArray();
        }
        var drawn = Draw(1);
        CheckMoments(actor, [.. drawn.Chunk(2)]);
        Assert.That(Draw(1), Is.EqualTo(drawn));
        Assert.That(Draw(2), Is.Not.EqualTo(drawn));
    }

    [Test]
    public void A_row_keeps_its_draw_whatever_is_read_with_it()
    {
        using var policy = PolicyFixture.Policy(new PolicyTransformer.Options { Stochastic = true, Seed = 9 });
        var ml = new MLContext(seed: 1);
        var input = PolicyFixture.View(PolicyFixture.Observations(1_500));
        var all = PolicyFixture.Actions(policy.Transform(input));
        Assert.That(PolicyFixture.Actions(policy.Transform(input)), Is.EqualTo(all), "read again");
        var numbered = ml.Transforms.Conversion.ConvertType("Number", "Row").Fit(input).Transform(input);
        var part = ml.Data.FilterRowsByColumn(numbered, "Number", 700, 900);
        var some = PolicyFixture.Actions(policy.Transform(part));
        Assert.That(some, Has.Length.EqualTo(200));
        for (var row = 0; row < some.Length; row++) Assert.That(some[row], Is.EqualTo(all[700 + row]).Within(PolicyFixture.Tolerance), "filtered");
    }

    [Test]
    public void Seeds_decide_the_draws()
    {
        using var policy = PolicyFixture.Policy();
        var view = PolicyFixture.View(PolicyFixture.Observations(10));
        float[][] Draw(int seed)
        {
            using var stochastic = policy.AsStochastic(seed);
            return PolicyFixture.Actions(stochastic.Transform(view));
        }
        var first = Draw(1);
        Assert.That(Draw(1), Is.EqualTo(first));
        Assert.That(Draw(2), Is.Not.EqualTo(first));
        using var byContext = PolicyFixture.Policy(new PolicyTransformer.Options { Stochastic = true });
        using var again = PolicyFixture.Policy(new PolicyTransformer.Options { Stochastic = true });
        Assert.That(PolicyFixture.Actions(byContext.Transform(view)), Is.EqualTo(PolicyFixture.Actions(again.Transform(view))), "the context's seed");
    }

    [Test]
    public void An_engine_draws_anew_each_call_and_equal_engines_repeat_each_other()
    {
        using var policy = PolicyFixture.Policy(new PolicyTransformer.Options { Stochastic = true, Seed = 4 });
        using var engine = PolicyTransformerTests.Engine(policy);
        using var twin = PolicyTransformerTests.Engine(policy);
        var calls = Enumerable.Range(0, 5).Select(_ => engine.Predict(new PolicyFixture.Input { Observation = Observation }).Action).ToArray();
        Assert.That(calls.Select(action => action[0]), Is.Unique);
        foreach (var action in calls) Assert.That(twin.Predict(new PolicyFixture.Input { Observation = Observation }).Action, Is.EqualTo(action));
    }

    [Test]
    public void Variants_of_one_policy_differ_only_in_how_they_act()
    {
        using var policy = PolicyFixture.Policy();
        using var stochastic = policy.AsStochastic(1);
        using var back = stochastic.AsDeterministic();
        var view = PolicyFixture.View(PolicyFixture.Observations(5));
        Assert.That(stochastic.IsStochastic);
        Assert.That(back.IsStochastic, Is.False);
        Assert.That(PolicyFixture.Actions(back.Transform(view)), Is.EqualTo(PolicyFixture.Actions(policy.Transform(view))));
        Assert.That(stochastic.Act(Observation), Is.EqualTo(policy.Act(Observation)), "Act is the most likely action in both");
    }

    /// <summary>Mean and standard deviation before the tanh, within five standard errors.</summary>
    internal static void CheckMoments(ActorParameters actor, float[][] actions)
    {
        var (mean, log) = PolicyFixture.Distribution(actor, Observation);
        for (var index = 0; index < mean.Length; index++)
        {
            var drawn = actions.Select(action => PolicyFixture.Unsquash(actor.ActionSpace, index, action[index])).ToArray();
            var average = drawn.Average();
            var deviation = Math.Sqrt(drawn.Average(value => (value - average) * (value - average)));
            var expected = Math.Exp(log[index]);
            Assert.That(average, Is.EqualTo(mean[index]).Within(5 * expected / Math.Sqrt(actions.Length)), $"mean of dimension {index}");
            Assert.That(deviation, Is.EqualTo(expected).Within(5 * expected / Math.Sqrt(2.0 * actions.Length)), $"deviation of dimension {index}");
        }
    }
}
