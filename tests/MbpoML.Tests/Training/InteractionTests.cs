using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Watches;
using Microsoft.Extensions.Logging.Abstractions;

namespace MbpoML.Tests.Training;

public class InteractionTests
{
    [TestCase(1)]
    [TestCase(4)]
    [TestCase(7)]
    public void A_random_action_is_held_and_each_episode_begins_with_a_new_one(int hold)
    {
        var actions = RandomActions(hold, steps: 3 * LineEnvironment.EpisodeLength);
        var expected = actions.Chunk(LineEnvironment.EpisodeLength).SelectMany(episode => episode.Chunk(hold)).ToArray();
        Assert.That(expected.Select(held => held.Distinct().Count()), Has.All.EqualTo(1), "held within a chunk");
        Assert.That(expected.Select(held => held[0]), Is.Unique, "another one for each chunk");
    }

    [Test]
    public void Random_actions_fill_the_space()
    {
        var actions = RandomActions(1, steps: 2000);
        Assert.That(actions.Min(), Is.InRange(-2, -1.95));
        Assert.That(actions.Max(), Is.InRange(1.95, 2));
        Assert.That(actions.Average(), Is.EqualTo(0).Within(0.1));
    }

    // The environment never terminates under actions scaled down to a tenth.
    private static float[] RandomActions(int hold, int steps)
    {
        using var environment = new Calm(new LineEnvironment());
        using var pool = new ReplayPool(new TransitionLayout(1, 1), steps);
        var settings = new HostSettings { Steps = steps, EpochLength = steps, ExplorationActionHold = hold };
        using var interaction = new Interaction(
            [environment], pool, new NoisyPolicy(1, 1, 0, 0), settings, new RunCounters(), seed: 3, new EpisodeFailures(settings, NullLogger.Instance));
        for (var step = 0; step < steps; step++) interaction.StepRandomly();
        using var rows = pool.ToRows();
        using var column = pool.Layout.Action(rows);
        using var actions = column.contiguous();
        return actions.data<float>().ToArray();
    }

    private sealed class Calm(IEnvironment inner) : EnvironmentWrapper(inner)
    {
        public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation) => base.Step([0.02 * action[0]], observation);
    }
}
