using MbpoML.Algorithms.Offline;

namespace MbpoML.Offline.Tests;

public class Probe
{
    [Test]
    public void Narrow([Values(ModelUncertainty.MeanDisagreement, ModelUncertainty.LargestDeviation)] ModelUncertainty uncertainty, [Values(0, 1)] int kind, [Values(1, 2)] int seed)
    {
        foreach (var penalty in (double[])[0, 5, 10, 20, 40])
        {
            using var policy = NarrowLogTests.Fit(penalty, uncertainty, kind, seed);
            Console.WriteLine($"N {uncertainty} kind {kind} seed {seed} penalty {penalty}: {NarrowLogTests.Reward(policy, kind):F3}");
        }
    }
}
