using MbpoML.Imagination;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Extensions.Tests;

/// <summary>A policy that remembers within an episode.</summary>
public class PlannerTests
{
    [Test]
    public void A_plan_is_followed_within_an_episode_and_never_beyond_it()
    {
        var rail = new Rail();
        var planner = new Planner(new ImaginedEnvironment(rail), rail.ActionSpace);
        var metrics = new MLContext(seed: 1).Reinforcement().Evaluate(planner, rail, episodes: 5, seed: 3);
        Assert.Multiple(() =>
        {
            // Ten steps are a plan of four, another one, and half of a third: the next episode does not go on with it.
            Assert.That(planner.Plans, Is.EqualTo(5 * 3));
            // From 1 the way to the middle costs 0.7 + 0.4 + 0.1 at the least; random actions stay where they are, or worse.
            Assert.That(metrics.MinimumReturn, Is.GreaterThan(-3));
        });
    }

    [Test]
    public void It_is_served_as_an_ml_net_transformer_that_says_why_it_cannot_be_saved()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        var rl = mlContext.Reinforcement();
        var rail = new Rail();
        using var policy = rl.Policies.FromPolicy(new Planner(new ImaginedEnvironment(rail), rail.ActionSpace));
        var actions = policy.Transform(rl.Data.Record(rail, 20, seed: 2));
        var places = actions.GetColumn<float[]>("Observation").Select(place => place[0]).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(actions.GetColumn<float[]>("Action").Zip(places).Where(row => Math.Abs(row.Second) > 0.5)
                .Select(row => Math.Sign(row.First[0]) == -Math.Sign(row.Second)), Has.All.True);
            Assert.That(() => mlContext.Model.Save(policy, policy.InputSchema, folder["policy.zip"]),
                Throws.TypeOf<NotSupportedException>().With.Message.Contains("FromNetwork"));
            Assert.That(() => policy.AsStochastic(1), Throws.TypeOf<NotSupportedException>());
        });
    }
}
