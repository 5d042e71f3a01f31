using MbpoML.Saving;
using MbpoML.Training;

namespace MbpoML.Tests.Training;

/// <summary>A step that is stopped anywhere goes on behind what it had done: every part is done once.</summary>
public class StepCursorTests
{
    // Before each part, before each repetition, and in the end of the repeated part.
    [Test]
    public void Wherever_a_step_is_stopped_each_part_is_done_once([Range(0, 6)] int stopAt)
    {
        var done = new List<string>();
        var cursor = new StepCursor();
        var (asked, stopped) = (0, false);
        void Do(string part)
        {
            if (!stopped && asked++ == stopAt)
            {
                stopped = true;
                throw new OperationCanceledException();
            }

            done.Add(part);
        }

        void Step(StepCursor at)
        {
            at.Begin();
            at.Part(() => Do("fit"));
            at.Part(() => Do("act"));
            at.Repeat(3, left => Do($"update {left}"), () => Do("check"));
            at.Part(() => Do("close"));
            at.End();
        }

        Assert.That(() => Step(cursor), Throws.InstanceOf<OperationCanceledException>());
        using var memory = StateMemory.Of(cursor);
        var resumed = new StepCursor();
        memory.RestoreTo(resumed);
        Step(resumed);
        Assert.That(done, Is.EqualTo(new[] { "fit", "act", "update 3", "update 2", "update 1", "check", "close" }));
        Assert.That(resumed.IsBegun, Is.False);
    }

    [Test]
    public void A_repeated_part_of_nothing_still_ends()
    {
        var (cursor, ended) = (new StepCursor(), 0);
        cursor.Begin();
        cursor.Repeat(0, _ => Assert.Fail("nothing is repeated"), () => ended++);
        Assert.That((ended, cursor.Done), Is.EqualTo((1, 1)));
    }

    [TestCase(-1, -1)]
    [TestCase(5000, -1)]
    [TestCase(0, -2)]
    [TestCase(0, long.MaxValue)]
    public void A_place_that_no_step_has_is_refused(long done, long left)
    {
        using var memory = new StateMemory();
        memory.Add("position", done, left);
        Assert.That(() => memory.RestoreTo(new StepCursor()), Throws.TypeOf<CheckpointException>().With.Message.Contains("its place within a step"));
    }

    [Test]
    public void More_repetitions_than_a_step_has_are_not_done()
    {
        using var memory = new StateMemory();
        memory.Add("position", 0, 1000);
        var (cursor, done) = (new StepCursor(), 0);
        memory.RestoreTo(cursor);
        cursor.Begin();
        cursor.Repeat(3, _ => done++, () => { });
        Assert.That(done, Is.EqualTo(3));
    }
}
