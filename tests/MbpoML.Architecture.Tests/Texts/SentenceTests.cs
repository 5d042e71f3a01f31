namespace MbpoML.Architecture.Tests.Texts;

/// <summary>The English of README and docs is plain: short sentences, and pages that can be read at one go.</summary>
[Category("Text")]
public class SentenceTests
{
    private const int LongestSentence = 40;
    private const int LongSentence = 25;
    private const double ShareOfLongSentences = 0.03;

    // Names, numbers and other fragments of tables are no sentences, and would only make the share look small.
    private const int ShortestSentence = 4;
    private const int LongestPage = 1500;

    [TestCaseSource(typeof(Prose), nameof(Prose.Pages))]
    public void No_sentence_is_endless(string page) => Assert.That(Longer(Read(page), LongestSentence), Is.Empty);

    [Test]
    public void Few_sentences_are_long()
    {
        var sentences = Prose.Pages.SelectMany(page => Longer(Read(page), ShortestSentence - 1)).ToArray();
        var longer = Prose.Pages.SelectMany(page => Longer(Read(page), LongSentence).Select(sentence => $"{page}: {sentence}")).ToArray();
        Assert.That(longer, Has.Length.LessThan(ShareOfLongSentences * sentences.Length), string.Join('\n', longer));
    }

    [TestCaseSource(typeof(Prose), nameof(Prose.Pages))]
    public void A_page_can_be_read_at_one_go(string page)
    {
        var words = Prose.Units(Read(page)).Where(unit => !unit.IsCell).Sum(unit => Prose.Words(unit.Text));
        Assert.That(words, Is.LessThanOrEqualTo(LongestPage), "words outside of tables; split the page, and list the new one in docs/index.md");
    }

    [TestCase("# A heading of many words\n\nOne. Two `a b. C d` words; and: more.", "One.|Two Code words; and: more.")]
    [TestCase("- an item\n  goes on\n- another [with a link](a.md#b)\n\n    code here\n\nText.", "an item goes on|another with a link|Text.")]
    [TestCase("```csharp\nvar x = 1;\n```\n| a cell. Two \\| bars | b |\n|---|---|", "a cell.|Two  bars|b")]
    [TestCase("It ends (so). μ begins, e.g. here, at 1.5 m! \"Quoted.\" null: never", "It ends (so).|μ begins, e.g. here, at 1.5 m!|\"Quoted.\"|null: never")]
    [TestCase("Text.\n\n    - an item below a gap\n\n    key: value\n\n- an item\n", "Text.|an item below a gap|an item")]
    [TestCase("Text.\n\n    key:\n      - code: in a list\n\n    key: value\n\n- an item\n", "Text.|an item")]
    [TestCase("![A picture](a.png)\n<!-- a comment -->\n> Quoted text.", "Quoted text.")]
    public void Sentences_are_those_of_a_reader(string page, string sentences) =>
        Assert.That(Prose.Units(page).SelectMany(unit => Prose.Sentences(unit.Text)), Is.EqualTo(sentences.Split('|')));

    [Test]
    public void A_long_sentence_is_found() =>
        Assert.That(Longer($"Short. {string.Join(' ', Enumerable.Repeat("Word", 41))}.", LongestSentence).Single(), Does.StartWith("Word"));

    private static IEnumerable<string> Longer(string page, int words) =>
        Prose.Units(page).SelectMany(unit => Prose.Sentences(unit.Text)).Where(sentence => Prose.Words(sentence) > words);

    private static string Read(string page) => File.ReadAllText(Repository.At(page));
}
