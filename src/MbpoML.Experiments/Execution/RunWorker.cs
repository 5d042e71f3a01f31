using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Execution;

/// <summary>
/// The inner side of <see cref="ChildProcessExecutor"/>: trains one run for the process that started this one, and tells it what happens, a line for each
/// event.
/// </summary>
public static class RunWorker
{
    // Ten signs of life a second, as a person who watches wants them.
    private static readonly TimeSpan _usualInterval = TimeSpan.FromSeconds(0.1);

    // The process that started this one frees the lock when it reads that this one is ready: some seconds at most.
    private const int TriesForLock = 500;

    /// <summary>
    /// What a worker's process returns where its run was stopped (128 + SIGINT, as shells say it); 0 where the run has reached its end, 1 where it failed.
    /// </summary>
    public const int InterruptedCode = 130;

    /// <summary>The line by which a process asks the one that started it for the lock of its run.</summary>
    internal const string Ready = "ready";

    /// <summary>Trains the run of a folder until its end, until the input ends, or until it is cancelled.</summary>
    /// <param name="folder">The run, whose options are written.</param>
    /// <param name="tasks">The tasks that it may name.</param>
    /// <param name="input">The process's standard input: the other process says nothing but that it is there, and its end stops the run.</param>
    /// <param name="output">The process's standard output; nothing else may write to it.</param>
    /// <param name="interval">The time between two signs of life in the same phase, at least zero. Default: 0.1 s.</param>
    /// <param name="cancellationToken">Stops the run with a checkpoint, as the end of the input does.</param>
    /// <returns>What the process should return: 0, 1, or <see cref="InterruptedCode"/>. An exception belongs on the standard error, with the code 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="interval"/> is negative.</exception>
    /// <exception cref="RunSpecException">The options of the folder cannot be used.</exception>
    /// <exception cref="RunFolderException">A part of the run is missing, or the other process does not hand its lock over.</exception>
    public static int Run(
        RunFolder folder, TaskCatalog tasks, Stream input, TextWriter output, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(interval ?? _usualInterval, TimeSpan.Zero, nameof(interval));
        using var parent = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, parent.Token);
        new Thread(() => CancelAtEnd(input, parent)) { IsBackground = true, Name = "mbpo parent" }.Start();
        output.WriteLine(Ready);
        output.Flush();
        using var run = TakenRun.Take(folder, TriesForLock);
        var events = new RunEventWriter(output, interval ?? _usualInterval, TimeProvider.System);
        var outcome = new InProcessExecutor(tasks).RunAsync(run, events, either.Token).GetAwaiter().GetResult();
        return outcome.Status switch
        {
            RunStatus.Finished => 0,
            RunStatus.Interrupted => InterruptedCode,
            _ => 1,
        };
    }

    private static void CancelAtEnd(Stream input, CancellationTokenSource source)
    {
        try
        {
            while (input.ReadByte() >= 0)
            {
                // The other process says nothing but that it is there.
            }

            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run was over before.
        }
    }
}
