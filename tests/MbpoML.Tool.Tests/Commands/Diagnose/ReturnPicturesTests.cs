using MbpoML.Evaluation.Diagnostics;
using MbpoML.Tool.Commands.Diagnose;

namespace MbpoML.Tool.Tests.Commands.Diagnose;

[Category("Text")]
public class ReturnPicturesTests
{
    private static readonly ModelReturns Fine = new([1, 2, 3], [[1, 2, 4], [1, 2, 6]], TerminatedInEnvironment: false);
    private static readonly ModelReturns Diverged = new([1, 2, 3], [[1, 2, 4], [1, double.NaN, double.NaN], [1, 2, 5]], TerminatedInEnvironment: false);

    [Test]
    public void A_sum_stays_what_it_was_when_the_task_ended()
    {
        var over = Pictures(new ModelReturns([1, 3], [[1, 2, 2, 2], [1, 2, 3, 4]], TerminatedInEnvironment: true)).Cumulative();
        var cut = Pictures(new ModelReturns([1, 3], [[1, 2, 2, 2], [1, 2, 3, 4]], TerminatedInEnvironment: false)).Cumulative();
        Assert.Multiple(() =>
        {
            Assert.That(over.Series[^1].Y, Is.EqualTo(new[] { 1.0, 3, 3, 3 }));
            Assert.That(over.Series.Select(series => series.X), Has.All.EqualTo(new[] { 1.0, 2, 3, 4 }));
            Assert.That(cut.Series.Select(series => series.X), Has.All.EqualTo(new[] { 1.0, 2 }),
                "nobody knows how an episode that was cut would have gone on");
        });
    }

    [Test]
    public void Episodes_whose_promise_is_no_number_are_left_out_and_counted()
    {
        var pictures = Pictures(Fine, Diverged, Fine);
        var scatter = pictures.Scatter();
        Assert.Multiple(() =>
        {
            Assert.That(scatter.Series.Single().Y, Is.EqualTo(new[] { 5.0, 5 }));
            Assert.That(scatter.Note, Does.Contain("2 episodes of 1 checkpoints"));
            Assert.That(pictures.Remark, Does.StartWith("Of 1 of 3 episodes, 1 of 3 imagined rollouts left the range of numbers"));
            Assert.That(Pictures(Fine).Remark, Is.Null);
            Assert.That(() => Pictures(Diverged).Scatter(), Throws.InstanceOf<RunDataException>().With.Message.Contains("nothing to compare"));
        });
    }

    private static ReturnPictures Pictures(params ModelReturns[] returns) => new("Task", [("run", [new ReturnPictures.Checkpoint(100, returns)])]);
}
