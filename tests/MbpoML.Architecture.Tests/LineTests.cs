namespace MbpoML.Architecture.Tests;

public class LineTests
{
    // The max_line_length of .editorconfig, which no compiler checks. Characters as a reader counts them, so that a μ is one.
    private const int MaxLength = 160;

    [TestCase("src")]
    [TestCase("tests")]
    [TestCase("samples")]
    [TestCase("scripts")]
    public void No_line_is_longer_than_the_page(string folder) =>
        Assert.That(Sources.Of(folder).SelectMany(file => TooLong(file, File.ReadLines(Repository.At(file)))), Is.Empty);

    [Test]
    public void The_page_is_as_wide_as_the_editor_shows_it() =>
        Assert.That(File.ReadAllLines(Repository.At(".editorconfig")),
            Does.Contain(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"max_line_length = {MaxLength}")));

    [Test]
    public void A_line_beyond_the_page_is_named() =>
        Assert.That(TooLong("A.cs", [new string('μ', MaxLength), "", new string('a', MaxLength + 1)]), Is.EqualTo(new[] { "A.cs:3 has 161 characters" }));

    private static IEnumerable<string> TooLong(string file, IEnumerable<string> lines) =>
        lines.Index().Where(line => Length(line.Item) > MaxLength).Select(line => $"{file}:{line.Index + 1} has {Length(line.Item)} characters");

    private static int Length(string line) => new System.Globalization.StringInfo(line).LengthInTextElements;
}
