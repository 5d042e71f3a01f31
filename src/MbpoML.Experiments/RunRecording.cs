using MbpoML.Numerics.Torch;
using MbpoML.Policies;
using MbpoML.Training;
using MbpoML.Training.Checkpoints;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Experiments;

/// <summary>Writes what one session of a run leaves in its folder, from its start to its stop.</summary>
internal sealed class RunRecording : IRunRecording
{
    private readonly RunFolder _folder;
    private readonly RunLock _turn;
    private readonly TimeProvider _clock;
    private readonly JsonLinesMetricsWriter? _lines;
    private readonly TensorBoardMetricsWriter? _events;
    private RunReport _report;

    /// <summary>Begins the session: report.json says so.</summary>
    /// <param name="folder">The run, whose options are written.</param>
    /// <param name="turn">Its lock, freed by <see cref="Dispose"/>.</param>
    /// <param name="resumes">Whether the run goes on from a checkpoint; else what a session left that was killed before its first one is deleted.</param>
    /// <param name="clock">Gives the times.</param>
    /// <exception cref="RunFolderException">The run was never trained, but one of its files is there.</exception>
    public RunRecording(RunFolder folder, RunLock turn, bool resumes, TimeProvider clock)
    {
        (_folder, _turn, _clock) = (folder, turn, clock);
        if (!resumes) Clear(folder);
        _report = new RunReport { Status = RunStatus.Running };
        var earlier = RunReport.Read(folder.Report) ?? _report;
        var machine = Machine.This();
        if (resumes) Moved = MoveOf(earlier, machine);
        // Until this session ends, it stands as the one before left it; without a checkpoint it begins at nothing.
        var before = resumes ? earlier : _report;
        _report = before with { Status = RunStatus.Running, Failure = null, Sessions = [.. earlier.Sessions, new RunSession(clock.GetUtcNow(), machine)] };
        _report.Write(folder.Report);
        try
        {
            _lines = new JsonLinesMetricsWriter(folder.Metrics, clock);
            _events = new TensorBoardMetricsWriter(folder.Events, clock);
        }
        catch (Exception exception)
        {
            _lines?.Dispose();
            End(null, exception);
            throw;
        }
    }

    /// <summary>What there is to say where the run goes on with another processor or another libtorch; null where it does not.</summary>
    public string? Moved { get; }

    public string CheckpointFolder => _folder.Checkpoints;

    public IReadOnlyList<IMetricsWriter> MetricsWriters => [_lines!, _events!];

    public void End(TrainingReport? report, Exception? exception)
    {
        var status = exception switch
        {
            null => RunStatus.Finished,
            TrainingCanceledException => RunStatus.Interrupted,
            _ => RunStatus.Failed,
        };
        // A planner is its model and functions of code: the newest checkpoint has it.
        if (report is { Policy.IsNetwork: true }) Save(report.Policy);
        var session = _report.Sessions[^1] with { Ended = _clock.GetUtcNow() };
        _report = _report with
        {
            Status = status,
            Failure = status == RunStatus.Failed ? exception!.Message : null,
            Sessions = [.. _report.Sessions.SkipLast(1), session],
        };
        if (report is not null)
        {
            _report = _report with
            {
                Steps = report.Steps,
                WallClockSeconds = report.Elapsed.TotalSeconds,
                LastReturn = report.History.Select(epoch => epoch.EvaluationReturn).LastOrDefault(value => value is not null),
            };
        }

        _report.Write(_folder.Report);
    }

    public void Dispose()
    {
        _lines?.Dispose();
        _events?.Dispose();
        _turn.Dispose();
    }

    private void Save(PolicyTransformer policy) => AtomicFile.Write(_folder.Policy, stream => new MLContext().Model.Save(policy, policy.InputSchema, stream));

    // Vectorised sums round by the processor's width and by libtorch's build: the exact resume is promised for equal ones only.
    private static string? MoveOf(RunReport earlier, Machine machine)
    {
        if (earlier.Sessions.Count == 0 || earlier.Sessions[^1].Machine is not { } before) return null;
        var now = $"'{machine.Processor}' and {machine.Torch}";
        var was = $"'{before.Processor}' and {before.Torch}";
        return now == was ? null
            : $"The run goes on with {now}; before it ran with {was}. " +
                "They may round otherwise in the last place, so that the run may end otherwise than on one machine.";
    }

    // What a session left behind that was killed before its first checkpoint. Each begins with its report: without one, what is there is somebody else's.
    private static void Clear(RunFolder folder)
    {
        if (!File.Exists(folder.Report))
        {
            if (folder.Written is { } foreign)
                throw new RunFolderException(
                    $"'{folder.Path}' has never been trained, but '{foreign}' is there, which the run would write over. Move it away.");
            return;
        }

        File.Delete(folder.Metrics);
        foreach (var file in Directory.Exists(folder.Events) ? Directory.GetFiles(folder.Events, RunFolder.EventFiles) : []) File.Delete(file);
    }
}
