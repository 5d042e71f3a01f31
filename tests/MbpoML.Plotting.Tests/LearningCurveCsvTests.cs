using MbpoML.Tests;

namespace MbpoML.Plotting.Tests;

public class LearningCurveCsvTests
{
    [Test]
    public void Curves_come_back_exactly()
    {
        using var folder = new TemporaryFolder();
        LearningCurve[] curves =
        [
            new("MBPO, \"short\" rollouts", [0, 250], [-Math.PI, 1.0 / 3]), new("SAC", [0, 1e9], [double.Epsilon, -1e300]),
            new("MBPO, \"short\" rollouts", [5], [0.1]),
        ];
        LearningCurveCsv.Write(folder["made", "curves.csv"], curves);
        var read = LearningCurveCsv.Read(folder["made", "curves.csv"]);

        Assert.That(read, Has.Count.EqualTo(3));
        Assert.Multiple(() =>
        {
            Assert.That(read.Select(curve => curve.Algorithm), Is.EqualTo(curves.Select(curve => curve.Algorithm)));
            Assert.That(read.Select(curve => curve.Steps), Is.EqualTo(curves.Select(curve => curve.Steps)));
            Assert.That(read.Select(curve => curve.Returns), Is.EqualTo(curves.Select(curve => curve.Returns)));
        });
    }

    [Test]
    public void The_table_is_plain()
    {
        using var folder = new TemporaryFolder();
        LearningCurveCsv.Write(folder["c"], [new("MBPO", [250], [-142.5]), new("MBPO", [250], [7])]);
        Assert.That(File.ReadAllText(folder["c"]), Is.EqualTo("algorithm,run,step,return\nMBPO,1,250,-142.5\nMBPO,2,250,7\n"));
    }

    [TestCase("", "does not begin with")]
    [TestCase("step,return\n1,2\n", "does not begin with")]
    [TestCase("algorithm,run,step,return\nMBPO,1,250\n", "Line 2")]
    [TestCase("algorithm,run,step,return\nMBPO,1,250,3\nMBPO,x,250,3\n", "Line 3")]
    [TestCase("algorithm,run,step,return\nMBPO,1,250,NaN\n", "not finite")]
    [TestCase("algorithm,run,step,return\nMBPO,1,250,3\nMBPO,1,250,3\n", "ascend strictly")]
    [TestCase("algorithm,run,step,return\n,1,250,3\n", "a curve that is none")]
    public void A_broken_table_is_an_error(string text, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["c"], text);
        Assert.That(() => LearningCurveCsv.Read(folder["c"]), Throws.TypeOf<FormatException>().With.Message.Contains(message));
    }

    [Test]
    public void A_name_with_a_line_break_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => LearningCurveCsv.Write(folder["c"], [new("a\nb", [0], [0])]), Throws.ArgumentException.With.Message.Contains("line break"));
    }
}
