using MbpoML.Experiments;
using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Orleans.Tests.Working;

/// <summary>Does with a run what a test says.</summary>
/// <param name="train">Gets the folder and what ends it, and tells the end.</param>
internal sealed class StagedExecutor(Func<RunFolder, CancellationToken, Task<RunOutcome>> train) : LocalRunExecutor(TaskCatalog.Analytic)
{
    /// <summary>Writes a checkpoint, and waits for its end.</summary>
    public static StagedExecutor Waiting { get; } = new(async (folder, cancellationToken) =>
    {
        Save(folder, 100);
        await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, CancellationToken.None);
        Save(folder, 150);
        return new RunOutcome(RunStatus.Interrupted, 150, 1, null, null);
    });

    public static void Save(RunFolder folder, int step) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder.Checkpoints).FullName, $"step-{step:D12}.checkpoint"), $"{step}");

    protected override Task<RunOutcome> ExecuteAsync(TakenRun run, IProgress<RunEvent>? events, CancellationToken cancellationToken) =>
        train(run.Folder, cancellationToken);
}
