using MbpoML.Tool.Seeds;

namespace MbpoML.Tool.Runs;

/// <summary>Runs that a larger experiment is made of: prepared, trained where they are not yet, and gone on with where they were stopped.</summary>
internal static class TrainableRun
{
    /// <summary>Writes the options of runs where there is no run yet.</summary>
    /// <param name="runs">Folders, and what the runs in them are to do.</param>
    /// <returns>Those that have not reached their end, taken until the set is disposed.</returns>
    /// <exception cref="UsageException">In one of the folders is a run of other options, or options cannot be used; nothing was written.</exception>
    /// <exception cref="RunFolderException">In one of the folders is something else, or another process trains there; nothing was written.</exception>
    public static TakenRuns Prepare(IReadOnlyList<(RunFolder Folder, RunOptions Options)> runs)
    {
        foreach (var (_, options) in runs) TrainingRun.Check(options);
        using var taken = new TakenRuns();
        var begun = new List<(RunFolder Folder, RunOptions Options)>();
        foreach (var (folder, options) in runs)
        {
            if (folder.IsRun && IsFinishedAs(folder, options)) continue;
            if (folder.IsRun) taken.Take(folder);
            else
            {
                taken.Claim(folder);
                begun.Add((folder, options));
                continue;
            }

            RequireSame(folder, options);
            TrainingRun.CheckGoesOn(folder, options);
        }

        foreach (var (folder, options) in begun) options.Write(folder.Options);
        return taken.Pass();
    }

    /// <summary>Trains those that have not reached their end, side by side on the cores there are, a thread each.</summary>
    /// <param name="taken">Prepared.</param>
    /// <param name="console">Where they are shown.</param>
    /// <param name="titleOf">What a run is called while it is shown; null for the last part of its folder.</param>
    /// <returns>The exit code of the first that did not reach its end, or 0.</returns>
    public static int Train(TakenRuns taken, ToolConsole console, Func<RunFolder, string>? titleOf = null) =>
        taken.Folders.Count == 0 ? ExitCodes.Success : RunSet.Run(taken, Environment.ProcessorCount, console, titleOf);

    /// <summary>Whether a run has taken all its steps.</summary>
    public static bool IsFinished(RunFolder folder) =>
        RunReport.Read(folder.Report) is { Status: RunStatus.Finished } report && report.Steps >= RunOptions.Read(folder.Options).Settings.Trainer.Steps;

    private static bool IsFinishedAs(RunFolder folder, RunOptions options)
    {
        RequireSame(folder, options);
        return IsFinished(folder);
    }

    private static void RequireSame(RunFolder folder, RunOptions options)
    {
        if (!RunOptions.Read(folder.Options).IsSameRun(options)) throw new UsageException($"'{folder.Path}' holds a run with other settings. Name another folder with --out, or delete that one.");
    }
}
