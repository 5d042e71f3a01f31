namespace MbpoML.Experiments.Studies;

/// <summary>A journal that somebody else keeps, such as a cluster.</summary>
/// <param name="lines">Its lines so far.</param>
/// <param name="name">What messages call it.</param>
internal sealed class StudyJournalLines(IEnumerable<string> lines, string name) : StudyJournal(name)
{
    private readonly List<string> _lines = [.. lines];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Lines() => [.. _lines];

    /// <inheritdoc/>
    protected override void Add(string line) => _lines.Add(line);
}
