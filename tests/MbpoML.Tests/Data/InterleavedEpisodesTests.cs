using MbpoML.Data;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Tests.Data;

public class InterleavedEpisodesTests
{
    private static readonly TransitionLayout Layout = new(1, 1);

    [Test]
    public void Rows_of_environments_that_step_in_turn_are_put_together_by_episode() => Assert.That(
        Order([(0, 1, false), (10, 11, false), (1, 2, false), (11, 12, true), (2, 3, false), (20, 21, false), (3, 4, true), (21, 22, false)]),
        Is.EqualTo(new[] { 0, 2, 4, 6, 1, 3, 5, 7 }));

    [Test]
    public void Rows_of_one_environment_stay_where_they_are()
    {
        Assert.That(Order([(0, 1, false), (1, 2, true), (0, 1, false), (1, 0, false), (0, 1, false)]), Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
        Assert.That(Order([]), Is.Empty);
    }

    // The first episode breaks off at 3. A later one begins there, when the first can no longer go on.
    [Test]
    public void An_episode_that_was_broken_off_does_not_go_on_later() => Assert.That(
        Order([(2, 3, false), (7, 8, false), (8, 9, false), (9, 5, false), (5, 6, true), (3, 4, false)]), Is.EqualTo(new[] { 0, 1, 2, 3, 4, 5 }));

    // Rows of a log that was shuffled stand apart: none is lost, and the time does not grow with their square.
    [Test]
    public void Rows_of_a_shuffled_log_are_all_there()
    {
        var random = new Random(1);
        (float, float, bool)[] steps = [.. Enumerable.Range(0, 200_000).Select(_ => ((float)random.NextDouble(), (float)random.NextDouble(), false))];
        Assert.That(Order(steps).Order(), Is.EqualTo(Enumerable.Range(0, steps.Length)));
    }

    // Of two episodes that stand at the same state the newest goes on; minus zero is zero.
    [Test]
    public void Of_equal_states_the_newest_goes_on()
    {
        Assert.That(Order([(1, 5, false), (2, 5, false), (5, 6, false), (5, 7, false)]), Is.EqualTo(new[] { 0, 3, 1, 2 }));
        Assert.That(Order([(1, 0, false), (2, 9, false), (-0f, 3, false)]), Is.EqualTo(new[] { 0, 2, 1 }));
    }

    // The episode that ends at 12 has a flag; the one that ends at 2 is followed by nothing.
    [Test]
    public void A_table_becomes_a_view_of_numbered_episodes()
    {
        using var table = new TransitionTable(Layout, Rows([(0, 1, false), (10, 11, false), (1, 2, false), (11, 12, true), (12, 13, false)]));
        var view = table.ToEpisodes();
        Assert.Multiple(() =>
        {
            Assert.That(view.GetColumn<float[]>("NextObservation").SelectMany(row => row), Is.EqualTo(new[] { 1f, 2, 11, 12, 13 }));
            Assert.That(view.GetColumn<int>("EpisodeId"), Is.EqualTo(new[] { 0, 0, 1, 1, 2 }));
        });
    }

    private static long[] Order((float Observation, float Next, bool Ends)[] steps)
    {
        using var rows = Rows(steps);
        return InterleavedEpisodes.Order(Layout, rows);
    }

    private static Tensor Rows((float Observation, float Next, bool Ends)[] steps)
    {
        using var scope = NewDisposeScope();
        var rows = zeros(steps.Length, Layout.Width);
        Layout.Observation(rows).view(-1).copy_(tensor(steps.Select(step => step.Observation).ToArray()));
        Layout.NextObservation(rows).view(-1).copy_(tensor(steps.Select(step => step.Next).ToArray()));
        Layout.Terminated(rows).view(-1).copy_(tensor(steps.Select(step => step.Ends ? 1f : 0f).ToArray()));
        return rows.MoveToOuterDisposeScope();
    }
}
