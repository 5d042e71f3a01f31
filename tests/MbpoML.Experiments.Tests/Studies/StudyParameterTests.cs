using MbpoML.Experiments.Studies;

namespace MbpoML.Experiments.Tests.Studies;

[Category("Text")]
public class StudyParameterTests
{
    [TestCase("Policy.LearningRate=1e-4..1e-2 log", "0.0001", "0.001", "0.01")]
    [TestCase("Policy.Discount=0.9..1.0", "0.9", "0.95", "1")]
    [TestCase("Trainer.UpdatesPerStep=1..3", "1", "2", "3")]
    [TestCase("Policy.HiddenSizes=[64, 64]|[256, 256]|[512]", "[64, 64]", "[256, 256]", "[512]")]
    public void It_is_read_written_back_and_gives_its_ends_and_its_middle(string text, string first, string middle, string last)
    {
        var parameter = StudyParameter.Parse(text);
        Assert.Multiple(() =>
        {
            Assert.That((parameter.At(0), parameter.At(0.5), parameter.At(1)), Is.EqualTo((first, middle, last)));
            var again = StudyParameter.Parse(parameter.ToString());
            Assert.That(again.ToString(), Is.EqualTo(parameter.ToString()));
            Assert.That((again.At(0.3), again.At(0.9)), Is.EqualTo((parameter.At(0.3), parameter.At(0.9))));
        });
    }

    [Test]
    public void Each_whole_number_has_an_equal_part()
    {
        var parameter = StudyParameter.Parse("A.B=1..4");
        var counts = Enumerable.Range(0, 4000).Select(index => parameter.At(index / 4000.0)).CountBy(value => value).ToDictionary();
        Assert.That(counts.Keys, Is.EquivalentTo(new[] { "1", "2", "3", "4" }));
        Assert.That(counts.Values, Has.All.InRange(999, 1001));
    }

    [TestCase("Policy.LearningRate", "no '='")]
    [TestCase("=1..2", "no '='")]
    [TestCase("A.B=3", "neither a range nor a choice")]
    [TestCase("A.B=2..1", "do not ascend")]
    [TestCase("A.B=1..x", "'x' is no number")]
    [TestCase("A.B=0..5 log", "above 0")]
    [TestCase("A.B=0.0..5.0 log", "above 0")]
    [TestCase("A.B=a||b", "one of its choices is empty")]
    [TestCase("A.B=a|b|a", "stands there twice")]
    public void What_is_no_parameter_is_refused(string text, string message) =>
        Assert.That(() => StudyParameter.Parse(text), Throws.TypeOf<RunSpecException>().With.Message.Contains(message).And.Message.Contains("1e-4..1e-2 log"));
}
