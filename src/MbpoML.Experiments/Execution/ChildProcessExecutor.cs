using System.Diagnostics;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Execution;

/// <summary>
/// Trains each run in a process of its own, so that neither a native crash nor a lack of memory in one run reaches the others. The process runs
/// <see cref="RunWorker"/>.
/// </summary>
public sealed class ChildProcessExecutor : LocalRunExecutor
{
    private readonly WorkerProgram _program;

    /// <summary>An executor of runs of some tasks.</summary>
    /// <param name="tasks">The tasks that runs may name; the program must know the same.</param>
    /// <param name="program">The program that is started once for each run.</param>
    public ChildProcessExecutor(TaskCatalog tasks, WorkerProgram program)
        : base(tasks)
    {
        ArgumentNullException.ThrowIfNull(program);
        _program = program;
    }

    /// <inheritdoc/>
    /// <exception cref="RunDataException">The process could not be started.</exception>
    protected override Task<RunOutcome> ExecuteAsync(TakenRun run, IProgress<RunEvent>? events, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => Execute(run, events, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
        TaskScheduler.Default);

    private RunOutcome Execute(TakenRun run, IProgress<RunEvent>? events, CancellationToken cancellationToken)
    {
        var folder = run.Folder;
        using var process = Start(folder);
        var lastWords = process.StandardError.ReadToEndAsync(CancellationToken.None);
        // The end of its input tells the run to save and stop. It comes as well when this process is killed, so no run is ever left behind.
        using var stop = cancellationToken.Register(process.StandardInput.Close);
        RunOutcome? told = null;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line == RunWorker.Ready) run.Dispose();
            else if (!RunEventLine.TryRead(line, out var happened)) events?.Report(new RunWarned(folder.Path, line));
            else if (happened is RunEnded ended) told = ended.Outcome;
            // Its start was told here.
            else if (happened is not RunStarted) events?.Report(happened);
        }

        process.WaitForExit();
        var words = lastWords.Result.Trim();
        if (words.Length > 0) events?.Report(new RunWarned(folder.Path, words));
        if (told is not null && process.ExitCode is (0 or 1 or RunWorker.InterruptedCode)) return told;
        // What such a process has to say was shown.
        if (process.ExitCode is 1 or 2 && words.Length > 0) return RunOutcome.Of(folder).Failed(words) with { IsRefusal = true };
        return RunOutcome.Of(folder).Failed(Invariant($"The process ended with the exit code {process.ExitCode}, without saying why.")) with { IsCrash = true };
    }

    private Process Start(RunFolder folder)
    {
        try
        {
            return Process.Start(_program.StartOf(folder)) ?? throw new RunDataException("The process of a run could not be started.");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new RunDataException($"The process of a run could not be started: {exception.Message.TrimEnd('.')}.", exception);
        }
    }
}
