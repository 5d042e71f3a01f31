using MbpoML.Data;
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

    private static long[] Order((float Observation, float Next, bool Ends)[] steps)
    {
        using var scope = NewDisposeScope();
        var rows = zeros(steps.Length, Layout.Width);
        for (var row = 0; row < steps.Length; row++)
        {
            Layout.Observation(rows)[row] = steps[row].Observation;
            Layout.NextObservation(rows)[row] = steps[row].Next;
            Layout.Terminated(rows)[row] = steps[row].Ends ? 1f : 0f;
        }

        return InterleavedEpisodes.Order(Layout, rows);
    }
}
