namespace MbpoML.Tests.Theory;

/// <content>The same in so many cases that it takes too long for each change of a mutation test.</content>
public partial class OptimalRolloutLengthTests
{
    [Test]
    public void The_closed_form_finds_what_a_search_finds_in_20000_random_cases() => Compare(cases: 20_000, seed: 1);
}
