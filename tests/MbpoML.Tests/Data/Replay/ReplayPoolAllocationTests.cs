using MbpoML.Data;
using MbpoML.Data.Replay;

namespace MbpoML.Tests.Data.Replay;

public class ReplayPoolAllocationTests
{
    [Test]
    public void Adding_a_step_allocates_nothing()
    {
        using var pool = new ReplayPool(new TransitionLayout(2, 1), 100);
        double[] observation = [1, 2], action = [3];
        for (var step = 0; step < 500; step++) pool.Add(observation, action, 4, observation, false, false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 500; step++) pool.Add(observation, action, 4, observation, false, false);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
