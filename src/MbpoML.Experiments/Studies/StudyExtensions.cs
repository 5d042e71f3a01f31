namespace MbpoML.Experiments.Studies;

/// <summary>Studies from the catalog: <c>mlContext.Reinforcement().Study(folder, options)</c>.</summary>
public static class StudyExtensions
{
    /// <summary>Begins a study, or opens the one that is in the folder, whose options must then be the same.</summary>
    /// <param name="rl">The catalog; the study's randomness comes from <see cref="StudyOptions.Seed"/> alone.</param>
    /// <param name="folder">The folder of the study.</param>
    /// <param name="options">What it varies, how it looks, and what it spends.</param>
    /// <param name="tasks">The tasks that its runs may name; null for the library's own.</param>
    /// <exception cref="ArgumentException">The folder is blank.</exception>
    /// <exception cref="RunSpecException">An option cannot be used, or in the folder is a study of other options.</exception>
    /// <exception cref="RunDataException">The journal of the folder cannot be read.</exception>
    public static Study Study(this ReinforcementCatalog rl, string folder, StudyOptions options, Tasks.TaskCatalog? tasks = null)
    {
        ArgumentNullException.ThrowIfNull(rl);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(options);
        if (!File.Exists(Path.Combine(folder, Studies.Study.JournalFile))) return Studies.Study.Create(folder, options, tasks);
        var study = Studies.Study.Open(folder, tasks);
        return study.IsOf(options) ? study
            : throw new RunSpecException($"In '{folder}' is a study of other options. Name another folder, or open that one by Study.Open.");
    }
}
