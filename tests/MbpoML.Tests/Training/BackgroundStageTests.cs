using MbpoML.Training;

namespace MbpoML.Tests.Training;

[TestFixture(true)]
[TestFixture(false)]
public class BackgroundStageTests(bool beside)
{
    [Test]
    public void Each_piece_of_work_runs_once_on_the_thread_it_belongs_to()
    {
        List<int> threads = [];
        using var stage = new BackgroundStage(() => threads.Add(Environment.CurrentManagedThreadId), "work", beside);
        for (var piece = 0; piece < 3; piece++)
        {
            Assert.That(stage.IsUnderWay, Is.False);
            stage.Begin();
            Assert.That(stage.IsUnderWay, Is.True, "until somebody waits for it");
            stage.End();
        }

        Assert.That(threads, Has.Count.EqualTo(3).And.All.EqualTo(threads[0]));
        Assert.That(threads[0] == Environment.CurrentManagedThreadId, Is.Not.EqualTo(beside));
    }

    [Test]
    public void A_failure_comes_out_at_the_end_once_and_the_stage_goes_on()
    {
        var fails = true;
        using var stage = new BackgroundStage(() => { if (fails) throw new FormatException("broken"); }, "work", beside);
        stage.Begin();
        Assert.That(stage.End, Throws.TypeOf<FormatException>().With.Message.EqualTo("broken"));
        fails = false;
        stage.Begin();
        Assert.That(stage.End, Throws.Nothing);
    }

    [Test]
    public void Work_that_nobody_waited_for_is_not_begun_again()
    {
        using var stage = new BackgroundStage(() => { }, "work", beside);
        stage.Begin();
        Assert.That(stage.Begin, Throws.InvalidOperationException.With.Message.Contains("not waited for"));
    }

    [Test]
    public void Disposing_waits_for_the_work_and_swallows_its_failure()
    {
        var ended = false;
        var stage = new BackgroundStage(() =>
        {
            Thread.Sleep(20);
            ended = true;
            throw new FormatException("nobody asked");
        }, "work", beside);
        stage.Begin();
        stage.Dispose();
        Assert.That(ended, Is.True);
    }
}
