using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Studies;

/// <content>How a study is begun, with all checks, and opened again.</content>
public sealed partial class Study
{
    /// <summary>Begins a study: checks everything, and writes the first line of its journal.</summary>
    /// <param name="folder">A folder that holds no study; it need not be there.</param>
    /// <param name="options">What it varies, how it looks, and what it spends.</param>
    /// <param name="tasks">The tasks that its runs may name; null for the library's own.</param>
    /// <param name="sampler">Proposes trials, under a name of its own in <see cref="StudyOptions.Sampler"/>; null for the library's of that name.</param>
    /// <exception cref="ArgumentException">The folder is blank.</exception>
    /// <exception cref="RunSpecException">An option cannot be used; the message says which, and what is allowed.</exception>
    /// <exception cref="RunFolderException">There is a study in the folder already, or a run.</exception>
    public static Study Create(string folder, StudyOptions options, TaskCatalog? tasks = null, IStudySampler? sampler = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(options);
        tasks ??= TaskCatalog.Analytic;
        options.Validate(sampler);
        CheckSpace(options, BaseOf(options, tasks));
        if (File.Exists(JournalOf(folder)))
            throw new RunFolderException($"There is a study in '{folder}' already: go on with it by Study.Open or 'mbpo study run', or name another folder.");
        if (new RunFolder(folder).IsRun) throw new RunFolderException($"There is a run in '{folder}': name a folder of its own for the study.");
        Directory.CreateDirectory(folder);
        var journal = new StudyJournalFile(JournalOf(folder));
        journal.Begin(new StudyBegun(StudyPlan.Of(options)));
        return new Study(folder, tasks, sampler, journal);
    }

    /// <summary>Opens a study, to go on with it or to look at it.</summary>
    /// <param name="folder">The path of the study's folder.</param>
    /// <param name="tasks">The tasks that its runs may name; null for the library's own.</param>
    /// <param name="sampler">The one with which the study was begun, where it was no sampler of the library's; null otherwise.</param>
    /// <exception cref="ArgumentException">The folder is blank.</exception>
    /// <exception cref="RunSpecException">There is no study in the folder, or its options cannot be used any more.</exception>
    /// <exception cref="RunDataException">The journal cannot be read.</exception>
    public static Study Open(string folder, TaskCatalog? tasks = null, IStudySampler? sampler = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return File.Exists(JournalOf(folder)) ? new Study(folder, tasks ?? TaskCatalog.Analytic, sampler, new StudyJournalFile(JournalOf(folder)))
            : throw new RunSpecException($"'{folder}' is no study: it has no {JournalFile}. Begin one by Study.Create or 'mbpo study new'.");
    }

    private const string StepsOption = "Trainer.Steps";

    // A place that gives no round number.
    private const double Inside = 0.37;

    private static string JournalOf(string folder) => Path.Combine(folder, JournalFile);

    private static RunOptions BaseOf(StudyOptions options, TaskCatalog tasks)
    {
        var run = options.Run.Resolve(tasks);
        // Side by side a thread each: more would be in each other's way.
        run.Settings.UseWorkers(1);
        if (options.Steps is { } steps) run.Settings.TrainerOptions.Steps = steps;
        return run;
    }

    // Both ends and an inner value of every range, and each choice, can be used, and the shortest trial has something to learn from.
    private static void CheckSpace(StudyOptions options, RunOptions run)
    {
        if (options.Space.FirstOrDefault(parameter => parameter.Path.Equals(StepsOption, StringComparison.OrdinalIgnoreCase)) is { } steps)
            throw new RunSpecException($"{steps.Path} cannot be varied, because trials are compared at the same steps: give Steps of the study.");
        foreach (var parameter in options.Space)
            foreach (var value in Extremes(parameter))
            {
                var tried = run.WithSeed(run.Seed);
                tried.Set($"{parameter.Path}={value}");
                tried.Check();
            }

        var rungs = options.StepsOfRungs(run.Settings.TrainerOptions.Steps);
        var shortest = run.WithSeed(run.Seed);
        shortest.Settings.TrainerOptions.Steps = rungs[0];
        try
        {
            shortest.Check();
        }
        catch (RunSpecException exception)
        {
            throw new RunSpecException(
                Invariant($"The first look at trials would be after {rungs[0]} of {rungs[^1]} steps ({options.Rungs} rungs, each {options.Reduction} times ") +
                $"the one before): {exception.Message} Or look less often, with fewer Rungs.");
        }
    }

    private static IEnumerable<string> Extremes(StudyParameter parameter) =>
        parameter.Choices.Count > 0 ? parameter.Choices : [parameter.At(0), parameter.At(Inside), parameter.At(1)];
}
