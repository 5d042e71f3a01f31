using MbpoML.Tool.Seeds;

namespace MbpoML.Tool.Runs;

/// <summary>Runs that a larger experiment is made of: prepared, trained where they are not yet, and gone on with where they were stopped.</summary>
internal static class TrainableRun
{
    /// <summary>Writes the options of runs where there is no run yet.</summary>
    /// <param name="runs">Folders, and what the runs in them are to do.</param>
    /// <exception cref="UsageException">In one of the folders is a run of other options or something else, or options cannot be used; nothing was written.</exception>
    public static void Prepare(IReadOnlyList<(RunFolder Folder, RunOptions Options)> runs)
    {
        foreach (var (folder, options) in runs)
        {
            TrainingRun.Check(options);
            if (!folder.IsRun) folder.RequireFree();
            else if (!RunOptions.Read(folder.Options).IsSameRun(options))
                throw new UsageException($"'{folder.Path}' holds a run with other settings. Name another folder with --out, or delete that one.");
            TrainingRun.CheckGoesOn(folder, options);
        }

        foreach (var (folder, options) in runs.Where(run => !run.Folder.IsRun))
        {
            Directory.CreateDirectory(folder.Path);
            options.Write(folder.Options);
        }
    }

    /// <summary>Trains those that have not reached their end, side by side on the cores there are, a thread each.</summary>
    /// <param name="folders">Prepared.</param>
    /// <param name="console">Where they are shown.</param>
    /// <returns>The exit code of the first that did not reach its end, or 0.</returns>
    public static int TrainUnfinished(IReadOnlyList<RunFolder> folders, ToolConsole console)
    {
        RunFolder[] left = [.. folders.Where(folder => !IsFinished(folder))];
        return left.Length == 0 ? ExitCodes.Success : RunSet.Run(left, Environment.ProcessorCount, console);
    }

    /// <summary>Whether a run has taken all its steps.</summary>
    public static bool IsFinished(RunFolder folder) =>
        RunReport.Read(folder.Report) is { Status: RunStatus.Finished } report && report.Steps >= RunOptions.Read(folder.Options).Settings.Trainer.Steps;
}
