using MbpoML.Data;
using static TorchSharp.torch;

namespace MbpoML.Tests.Data;

public class EpisodeNumbersTests
{
    [Test]
    public void An_episode_ends_where_it_is_marked_and_where_the_next_row_begins_elsewhere()
    {
        var layout = new TransitionLayout(1, 1);
        using var scope = NewDisposeScope();
        // Observation, action, reward, next observation, terminated, truncated.
        var rows = tensor(new float[,]
        {
            { 0, 0, 0, 1, 0, 0 }, { 1, 0, 0, 2, 1, 0 },
            { 2, 0, 0, 3, 0, 1 },
            { 3, 0, 0, 4, 0, 0 },
            { 7, 0, 0, 8, 0, 0 }, { 8, 0, 0, 9, 0, 0 },
        });
        Assert.That(EpisodeNumbers.Of(layout, rows).data<long>().ToArray(), Is.EqualTo(new[] { 0, 0, 1, 2, 3, 3 }));
        Assert.That(EpisodeNumbers.Of(layout, rows.narrow(0, 0, 1)).data<long>().ToArray(), Is.EqualTo(new[] { 0 }));
        Assert.That(EpisodeNumbers.Of(layout, rows.narrow(0, 0, 0)).numel(), Is.Zero);
    }

    // Two environments in turn: 0-1-2 and 10-11-12, then 20-21 and 30.
    [TestCase(0, new[] { 0, 1, 4, 5 })]
    [TestCase(2, new[] { 4, 5 })]
    [TestCase(6, new[] { 0 })]
    public void The_first_row_of_each_episode_is_its_beginning(int cut, int[] expected)
    {
        var layout = new TransitionLayout(1, 1);
        using var scope = NewDisposeScope();
        var rows = tensor(new float[,]
        {
            { 0, 0, 0, 1, 0, 0 }, { 10, 0, 0, 11, 0, 0 }, { 1, 0, 0, 2, 1, 0 }, { 11, 0, 0, 12, 0, 1 },
            { 20, 0, 0, 21, 0, 0 }, { 30, 0, 0, 31, 0, 0 }, { 21, 0, 0, 22, 0, 0 },
        });
        Assert.That(EpisodeNumbers.OfInterleaved(layout, rows).data<long>().ToArray(), Is.EqualTo(new[] { 0, 1, 0, 1, 2, 3, 2 }));
        Assert.That(EpisodeNumbers.Beginnings(layout, rows, cut).data<long>().ToArray(), Is.EqualTo(expected));
    }
}
