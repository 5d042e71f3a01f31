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
}
