using MbpoML.Experiments;
using MbpoML.Experiments.Studies;
using MbpoML.Experiments.Tasks;
using MbpoML.Orleans.Leases;

namespace MbpoML.Orleans.Grains;

/// <inheritdoc cref="IStudyGrain"/>
/// <param name="stored">The stored state, which holds the journal of the study.</param>
/// <param name="tasks">The tasks that runs may name.</param>
/// <param name="settings">The times of leases, and the clock by which they are measured.</param>
internal sealed class StudyGrain([PersistentState("study")] IPersistentState<StoredText> stored, TaskCatalog tasks, LeaseSettings settings)
    : RecordGrain<StudyRecord>(stored), IStudyGrain
{
    // A grain that gave no answer is asked again so much later.
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(0.5);

    // Whoever ends a run asks for the next one, by which its end is known. What is looked for is the end of a run whose worker died right after it,
    // and the steps of all: each look is a call of another grain, often on another machine.
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(2.5);

    private Study? _study;
    private AskedRuns? _asked;
    private string? _refusal;

    private string Name => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public async Task<StudyNews> BeginAsync(StudyBeginning beginning)
    {
        if (Record.Life is not null && Difference(Record.Journal, beginning.Journal) is { } line)
            return StudyNews.Unknown with
            {
                Refusal = Invariant($"The cluster has another study of the name '{Name}': line {line} of its journal differs. ") +
                    "Give this one another name, or bring that one to its end.",
                IsOther = true,
            };
        if (Record.Life is null || beginning.Journal.Count > Record.Journal.Count)
        {
            Drop();
            await WriteAsync(new StudyRecord { Life = Record.Life ?? beginning.Life, Journal = [.. beginning.Journal] });
        }

        await GrainFactory.GetGrain<IStudyListGrain>(IStudyListGrain.Key).AddAsync(Name);
        return await LookAsync(beginning.Journal.Count);
    }

    /// <inheritdoc/>
    public async Task<TrialLease?> TakeAsync(WorkerSlot slot)
    {
        while (await AskedAsync() is { } asked)
        {
            foreach (var run in asked.Open(settings.Clock.GetTimestamp(), slot.Worker))
            {
                var order = new TrialOrder(StudyTask.Of(Name, run.Run), Record.Life!, run.Run.Steps, run.Options);
                if (await ReplyAsync(run, order, slot) is not { } reply) continue;
                if (reply.Lease is { } lease)
                {
                    run.Told(lease.Epoch, slot.Worker, Until(reply.RetryIn));
                    return lease;
                }

                run.Told(reply.Situation, Until(reply.RetryIn));
            }

            if (!await DecideAsync(asked)) return null;
        }

        return null;
    }

    /// <inheritdoc/>
    public async Task<StudyNews> LookAsync(int known)
    {
        if (Record.Life is null) return StudyNews.Unknown;
        var asked = await AskedAsync();
        if (asked is not null)
        {
            var now = settings.Clock.GetTimestamp();
            foreach (var run in asked.ToLookAt(now)) run.LookedAt(await GrainOf(run.Run).LookAsync(Record.Life), now, Until(_look));
            await DecideAsync(asked);
        }

        return new StudyNews(
            Record.Life, [.. Record.Journal.Skip(known)], asked?.Busy ?? [], asked?.Look.Rung, asked?.Look.Trials ?? [], _refusal, Steps: asked?.Steps);
    }

    /// <inheritdoc/>
    public async Task ForgetAsync()
    {
        await GrainFactory.GetGrain<IStudyListGrain>(IStudyListGrain.Key).RemoveAsync(Name);
        foreach (var run in Opened()?.RunsSoFar() ?? []) await GrainOf(run).ForgetAsync();
        Drop();
        await ClearAsync();
    }

    // A run whose grain is just moving keeps none of the others waiting.
    private async Task<LeaseReply?> ReplyAsync(AskedRuns.Asked run, TrialOrder order, WorkerSlot slot)
    {
        try
        {
            return await GrainOf(run.Run).LeaseAsync(order, slot);
        }
        catch (Exception)
        {
            run.Silent(Until(_silence));
            return null;
        }
    }

    // Tells the study what became of its runs once all of them are over.
    private async Task<bool> DecideAsync(AskedRuns asked)
    {
        if (asked.Results is not { } results) return false;
        var study = _study!;
        _asked = null;
        try
        {
            await Task.Run(() => study.Tell(asked.Look, results));
            await KeepAsync(study);
        }
        catch
        {
            // What was not kept has not happened.
            Drop();
            throw;
        }

        return true;
    }

    // What the study asks for now; null at its end. It makes networks to check options, which takes its time: not on the scheduler of the grains.
    private async Task<AskedRuns?> AskedAsync()
    {
        if (_asked is not null || _refusal is not null || Record.Life is null) return _asked;
        try
        {
            if (Opened() is not { } study) return null;
            var asked = await Task.Run(() => study.Ask() is { } look ? new AskedRuns(study, look) : null);
            await KeepAsync(study);
            return _asked = asked;
        }
        catch (Exception exception) when (exception is RunSpecException or RunDataException)
        {
            Drop();
            _refusal = exception.Message;
            return null;
        }
        catch
        {
            Drop();
            throw;
        }
    }

    private Study? Opened() => Record.Life is null ? null : _study ??= Study.Restore(Name, Record.Journal, tasks);

    private Task KeepAsync(Study study) =>
        study.Journal is { } lines && lines.Count > Record.Journal.Count ? WriteAsync(Record with { Journal = lines }) : Task.CompletedTask;

    private void Drop() => (_study, _asked, _refusal) = (null, null, null);

    private ITrialGrain GrainOf(StudyRun run) => GrainFactory.GetGrain<ITrialGrain>(StudyTask.Of(Name, run).Key);

    private long Until(TimeSpan time) => settings.Clock.GetTimestamp() + (long)(time.TotalSeconds * settings.Clock.TimestampFrequency);

    // The number of the first line in which two journals differ; null where one begins the other.
    private static int? Difference(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        for (var line = 0; line < Math.Min(one.Count, other.Count); line++)
            if (one[line] != other[line]) return line + 1;
        return null;
    }
}
