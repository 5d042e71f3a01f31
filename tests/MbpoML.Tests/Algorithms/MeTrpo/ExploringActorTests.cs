using MbpoML.Acting;
using MbpoML.Algorithms.MeTrpo;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Saving;
using MbpoML.Tests.Fakes;
using static TorchSharp.torch;

namespace MbpoML.Tests.Algorithms.MeTrpo;

/// <summary>How the policy of ME-TRPO explores.</summary>
public sealed class ExploringActorTests : IDisposable
{
    private readonly RecordingEpisodeEstimator.Learner _learner =
        new RecordingEpisodeEstimator().Create(new TransitionLayout(1, 2), new BoxSpace([0, -4], [2, 4]));

    private readonly Tensor _change = ones(1).DetachFromDisposeScope();

    [OneTimeTearDown]
    public void Dispose()
    {
        _learner.Dispose();
        _change.Dispose();
    }

    [Test]
    public void Noise_is_added_in_units_of_the_bounds_each_dimension_by_itself_and_cut_there()
    {
        var actions = Draw(New(actionNoise: 3, parameterNoise: 0), 4000);
        var (first, second) = (actions.Select(action => action[0] - 1).ToArray(), actions.Select(action => action[1] / 4).ToArray());
        // The mean action is 0 in its own units: -1 of the first dimension's bounds, and the middle of the second's.
        Assert.Multiple(() =>
        {
            Assert.That(first.Min(), Is.EqualTo(-1).Within(1e-6));
            Assert.That(second.Max(), Is.EqualTo(1).Within(1e-6));
            Assert.That(second.Average(), Is.EqualTo(0).Within(0.05));
            // P(|3 u z| > 1) with u uniform: 0.424 by integration.
            Assert.That(second.Count(value => Math.Abs(value) > 0.9999) / 4000.0, Is.EqualTo(0.424).Within(0.03));
            var agree = first.Zip(second, (one, other) => one > -0.9999 == other > 0).Count(same => same) / 4000.0;
            Assert.That(agree, Is.EqualTo(0.5).Within(0.05), "the authors' code draws one number for all dimensions");
        });
    }

    [Test]
    public void The_deviation_is_drawn_anew_at_each_step()
    {
        var sizes = Draw(New(actionNoise: 0.1, parameterNoise: 0), 4000).Select(action => action[1] / 4).ToArray();
        var (square, fourth) = (sizes.Average(value => value * value), sizes.Average(value => Math.Pow(value, 4)));
        Assert.That(square, Is.EqualTo(0.01 / 3).Within(8).Percent, "the mean of u²");
        Assert.That(fourth / (square * square), Is.EqualTo(5.4).Within(0.8), "three for a single normal distribution");
    }

    [Test]
    public void Numbers_are_disturbed_once_an_episode_in_units_of_their_last_change()
    {
        var actor = New(actionNoise: 0, parameterNoise: 0.5);
        List<double> values = [];
        using var generator = new Generator(3);
        for (var episode = 0; episode < 400; episode++)
        {
            actor.Begin(1);
            var one = Act(actor, generator)[1];
            Assert.That(Act(actor, generator)[1], Is.EqualTo(one), "the same within an episode");
            values.Add(one);
        }

        Assert.That(Math.Sqrt(values.Average(value => value * value)), Is.EqualTo(0.5).Within(15).Percent);
        Assert.That(_learner.Parameters[0].item<float>(), Is.Zero, "the policy itself stays as it is");
        actor.Dispose();
    }

    // Optimizations end in the middle of episodes.
    [Test]
    public void The_policy_of_the_moment_acts_with_the_disturbance_of_the_episode()
    {
        using var learner = new RecordingEpisodeEstimator().Create(new TransitionLayout(1, 2), new BoxSpace([0, -4], [2, 4]));
        using var actor = new ExploringActor(learner, actionNoise: 0, parameterNoise: 0.1, _change);
        using var generator = new Generator(3);
        actor.Begin(1);
        var before = Act(actor, generator)[1];
        learner.Parameters.add_(0.5);
        Assert.That(Act(actor, generator)[1] - before, Is.EqualTo(0.5).Within(1e-6));
    }

    [Test]
    public void The_most_likely_action_has_no_noise()
    {
        using var actor = New(3, 3);
        using var generator = new Generator(1);
        actor.Begin(1);
        Act(actor, generator);
        Assert.That(Act(actor, null), Is.EqualTo(new double[] { 0, 0 }));
    }

    [Test]
    public void An_episode_goes_on_from_a_saved_state()
    {
        using var actor = New(0, 3);
        using var other = New(0, 3);
        using var generator = new Generator(1);
        actor.Begin(1);
        var before = Act(actor, generator);
        other.Begin(1);
        using (var saved = StateMemory.Of(actor)) saved.RestoreTo(other);
        Assert.That(Act(other, generator), Is.EqualTo(before));
    }

    [Test]
    public void Without_noise_the_policy_draws_its_own_actions()
    {
        var policy = new ExploringPolicy(_learner, null, 3, _change);
        using var actor = policy.NewActor();
        Assert.That(actor, Is.Not.InstanceOf<ExploringActor>());
        Assert.That((policy.ObservationSize, policy.ActionSpace), Is.EqualTo((1, _learner.ActionSpace)));
    }

    private ExploringActor New(double actionNoise, double parameterNoise) => new(_learner, actionNoise, parameterNoise, _change);

    private static double[][] Draw(ExploringActor actor, int count)
    {
        using var generator = new Generator(5);
        using (actor)
        {
            actor.Begin(1);
            return [.. Enumerable.Range(0, count).Select(_ => Act(actor, generator))];
        }
    }

    private static double[] Act(IActor actor, Generator? generator)
    {
        var action = new double[2];
        actor.Act([0.0], action, generator);
        return action;
    }
}
