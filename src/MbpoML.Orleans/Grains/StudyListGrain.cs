namespace MbpoML.Orleans.Grains;

/// <inheritdoc cref="IStudyListGrain"/>
/// <param name="stored">The stored state, which holds the names of the studies.</param>
internal sealed class StudyListGrain([PersistentState("studies")] IPersistentState<StoredText> stored)
    : RecordGrain<StudyListRecord>(stored), IStudyListGrain
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync() => Task.FromResult(Record.Names);

    /// <inheritdoc/>
    public Task AddAsync(string study) => Record.Names.Contains(study) ? Task.CompletedTask
        : WriteAsync(new StudyListRecord { Names = [.. Record.Names.Append(study).Order(StringComparer.Ordinal)] });

    /// <inheritdoc/>
    public Task RemoveAsync(string study) => Record.Names.Contains(study)
        ? WriteAsync(new StudyListRecord { Names = [.. Record.Names.Where(name => name != study)] }) : Task.CompletedTask;
}
