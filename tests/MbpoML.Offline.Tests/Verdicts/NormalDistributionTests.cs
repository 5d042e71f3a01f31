using MbpoML.Algorithms.Offline.Verdicts;

namespace MbpoML.Offline.Tests.Verdicts;

public class NormalDistributionTests
{
    [TestCase(0, 0.5)]
    [TestCase(1.96, 0.975)]
    [TestCase(-1, 0.158655)]
    public void Probabilities_are_those_of_the_normal_distribution(double value, double expected) =>
        Assert.That(NormalDistribution.Below(value), Is.EqualTo(expected).Within(1e-5));
}
