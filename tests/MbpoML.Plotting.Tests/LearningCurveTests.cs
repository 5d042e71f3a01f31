namespace MbpoML.Plotting.Tests;

public class LearningCurveTests
{
    [Test]
    public void Points_are_copied()
    {
        double[] returns = [1, 2];
        var curve = new LearningCurve("MBPO", [0, 1], returns);
        returns[0] = 99;
        Assert.That(curve.Returns, Is.EqualTo(new[] { 1.0, 2.0 }));
    }

    [Test]
    public void Bad_points_are_named() => Assert.Multiple(() =>
    {
        Assert.That(() => new LearningCurve(" ", [0], [0]), Throws.ArgumentException);
        Assert.That(() => new LearningCurve("A", [], []), Throws.ArgumentException.With.Message.Contains("0 steps and 0 returns"));
        Assert.That(() => new LearningCurve("A", [0, 1], [0]), Throws.ArgumentException.With.Message.Contains("2 steps and 1 returns"));
        Assert.That(() => new LearningCurve("A", [0, 5, 5], [0, 0, 0]), Throws.ArgumentException.With.Message.Contains("the step 5 at position 2"));
        Assert.That(() => new LearningCurve("A", [0, double.NaN], [0, 0]), Throws.ArgumentException.With.Message.Contains("the step NaN at position 1"));
        Assert.That(() => new LearningCurve("A", [0, 5], [0, double.NaN]), Throws.ArgumentException.With.Message.Contains("the return NaN at step 5"));
    });
}
