
namespace MbpoML.Tool.Tests;

[Category("Text")]
public class ShellTextTests
{
    [TestCase("runs/hopper-mbpo/seed-1", false, "runs/hopper-mbpo/seed-1")]
    [TestCase("my runs/a", false, "'my runs/a'")]
    [TestCase("it's", false, @"'it'\''s'")]
    [TestCase("$HOME", false, "'$HOME'")]
    [TestCase(@"a\b", false, @"'a\b'")]
    [TestCase("", false, "''")]
    [TestCase(@"C:\runs\a", true, @"C:\runs\a")]
    [TestCase(@"C:\my runs\a", true, "\"C:\\my runs\\a\"")]
    public void One_argument_stays_one(string argument, bool isWindows, string expected) =>
        Assert.That(ShellText.Quoted(argument, isWindows), Is.EqualTo(expected));

    [Test]
    [Platform("Linux,MacOsX")]
    public void How_to_go_on_can_be_pasted() => Assert.That(new RunFolder("my runs/a").ResumeCommand, Is.EqualTo("mbpo resume 'my runs/a'"));
}
