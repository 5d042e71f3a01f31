using MbpoML.Numerics;

namespace MbpoML.Tests.Numerics;

[Category("Text")]
public class NearestNamesTests
{
    [TestCase("lerningrate", "LearningRate")]
    [TestCase("Discont", "Discount")]
    [TestCase("rate", "LearningRate")]
    [TestCase("", "Steps")]
    public void The_nearest_name_comes_first(string written, string expected) =>
        Assert.That(NearestNames.To(written, ["Discount", "LearningRate", "Steps"])[0], Is.EqualTo(expected));

    [Test]
    public void No_more_than_asked_for() => Assert.That(NearestNames.To("a", ["b", "aa", "a", "ccc"], 2), Is.EqualTo(new[] { "a", "aa" }));
}
