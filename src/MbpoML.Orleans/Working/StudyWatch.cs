using System.Security.Cryptography;
using MbpoML.Experiments;
using MbpoML.Experiments.Studies;
using MbpoML.Orleans.Grains;
using MbpoML.Orleans.Leases;
using MbpoML.Orleans.Store;

namespace MbpoML.Orleans.Working;

/// <summary>The side of a study that gave it to the cluster: writes its journal and brings its runs, as they come to their ends.</summary>
/// <param name="study">The study, whose folder is taken.</param>
/// <param name="cluster">The store, the clock and the times of the cluster.</param>
/// <param name="grains">The way to the grains.</param>
/// <param name="progress">Is told how far the study is.</param>
/// <param name="notes">Is told what is worth a word.</param>
internal sealed class StudyWatch(Study study, ClusterOptions cluster, IGrainFactory grains, IProgress<StudyProgress>? progress, IProgress<string>? notes)
{
    private readonly string _name = new RunFolder(study.Folder).Name;
    private readonly IStudyGrain _grain = grains.GetGrain<IStudyGrain>(new RunFolder(study.Folder).Name);
    private readonly EpochFolders _folders = new(cluster.Store);
    // For so many times of a lease a worker that slept may answer what was true before.
    private const int LongestDoubt = 6;

    private readonly HashSet<StudyRun> _brought = [];
    private readonly Dictionary<StudyRun, long> _doubted = [];
    private HashSet<string> _busy = [];
    private (int? Rung, string Trials)? _told;
    private IReadOnlyList<long> _steps = [];

    /// <summary>Watches until the end.</summary>
    /// <returns>What the study found; null where it was cancelled before.</returns>
    public async Task<StudyResult?> RunAsync(CancellationToken cancellationToken)
    {
        var isBegun = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            // A server that lost everything gets the study anew, with all that was decided.
            if (await TryAsync(() => isBegun ? _grain.LookAsync(study.Journal.Count) : BeginAsync()).ConfigureAwait(false) is { } news)
            {
                isBegun = news.Life is not null;
                if (await TakeInAsync(news).ConfigureAwait(false)) return study.Result;
            }

            // The workers go on without it: a look only brings what is over, and tells the steps.
            await Task.Delay(2 * cluster.PollInterval, cluster.Clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await TryAsync(async () =>
        {
            await grains.GetGrain<IStudyListGrain>(IStudyListGrain.Key).RemoveAsync(_name).ConfigureAwait(false);
            return "";
        }).ConfigureAwait(false);
        return null;
    }

    private Task<StudyNews> BeginAsync()
    {
#pragma warning disable RS0030 // The mark tells the folders of this life of the study from those of any other, and feeds no random stream.
        var life = RandomNumberGenerator.GetHexString(12, lowercase: true);
#pragma warning restore RS0030
        return _grain.BeginAsync(new StudyBeginning(life, study.Journal));
    }

    // Whether the study is at its end and all of it is here.
    private async Task<bool> TakeInAsync(StudyNews news)
    {
        if (news is { IsOther: true, Refusal: { } other }) throw new RunSpecException(other);
        study.Adopt([.. study.Journal, .. news.Lines]);
        if (news.Life is null) return false;
        Tell(news);
        if (!await BringAsync(news.Life).ConfigureAwait(false) || (study.Result is null && news.Refusal is null)) return false;
        await TryAsync(async () =>
        {
            await _grain.ForgetAsync().ConfigureAwait(false);
            return "";
        }).ConfigureAwait(false);
        _folders.DeleteStudy(_name);
        return news.Refusal is null ? true : throw new RunDataException(news.Refusal);
    }

    private void Tell(StudyNews news)
    {
        var look = (news.Rung, string.Join(',', news.Trials));
        if (news.Trials.Count > 0 && _told != look) progress?.Report(new StudyProgress(study, news.Rung, news.Trials));
        if (news.Trials.Count > 0) _told = look;
        if (news.Steps is { } steps && !steps.SequenceEqual(_steps))
            progress?.Report(new StudyProgress(study, news.Rung, news.Trials) { StepsOfRuns = _steps = steps });
        foreach (var begun in news.Busy.Where(run => !_busy.Contains(run))) notes?.Report($"{begun}.");
        _busy = [.. news.Busy];
    }

    // Runs that nobody goes on with any more. What cannot be copied now is tried again.
    private async Task<bool> BringAsync(string life)
    {
        var isWhole = true;
        foreach (var run in study.RunsSoFar().Where(IsOver).Where(run => !_brought.Contains(run)))
        {
            var brought = await TryAsync(async () => new Brought(await BringAsync(run, life).ConfigureAwait(false))).ConfigureAwait(false);
            if (brought is { IsHere: true }) _brought.Add(run);
            else isWhole = false;
        }

        return isWhole;
    }

    private async Task<bool> BringAsync(StudyRun run, string life)
    {
        var task = StudyTask.Of(_name, run);
        var to = study.FolderOf(run);
        var there = await grains.GetGrain<ITrialGrain>(task.Key).LookAsync(life).ConfigureAwait(false);
        if (!Fits(there, run, to) && IsDoubted(run)) return false;
        // It never began, or was brought before the program was started again.
        if (there.Epoch == 0) return true;
        if (there.DoneSteps > 0 && RunReport.Read(to.Report) is { Status: RunStatus.Finished } report && report.Steps >= there.DoneSteps) return true;
        var epoch = there is { DoneSteps: > 0, Failure: null } ? there.DoneEpoch : there.Epoch;
        var from = _folders.Of(task, life, epoch);
        // Before its grain was told of the finish it is not over.
        if (!from.IsRun) return there.Failure is not null;
        var checkpoint = there.Checkpoint?.Epoch == epoch ? there.Checkpoint : null;
        try
        {
            await Task.Run(() => RunCopy.Bring(from, checkpoint, to)).ConfigureAwait(false);
        }
        catch (RunDataException) when (IsDoubted(run))
        {
            return false;
        }

        if (there.Leases > there.Finishes)
            notes?.Report(Invariant($"{task.Name} was handed over {there.Leases - there.Finishes} times, and {there.Repeated} of its steps were done twice."));
        return true;
    }

    // Whether a run that is over is told to be over. A worker that slept too long, and does not know yet that the others took it for dead, tells how it was.
    private bool Fits(TrialSituation there, StudyRun run, RunFolder to) =>
        there.Epoch > 0 ? there.Failure is not null || there.DoneSteps >= run.Steps
            : to.IsRun || (!run.IsFinal && study.Trials[run.Trial].Values.Count == 0);

    private bool IsDoubted(StudyRun run)
    {
        var now = cluster.Clock.GetTimestamp();
        _doubted.TryAdd(run, now);
        return cluster.Clock.GetElapsedTime(_doubted[run], now) < LongestDoubt * cluster.LeaseTime;
    }

    private bool IsOver(StudyRun run) =>
        run.IsFinal ? study.Result is not null || study.Trials[run.Trial].Status == StudyTrialStatus.Failed
            : study.Trials[run.Trial].Status != StudyTrialStatus.Open;

    // The server and the workers may be away for a while. No call here is given a token: what is cancelled was given up by the cluster or by its server.
    private async Task<T?> TryAsync<T>(Func<Task<T>> call)
        where T : class
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (RunSpecException or RunDataException))
        {
            notes?.Report($"The cluster or the store gives no answer, and is asked again: {Notes.Of(exception)}");
            return null;
        }
    }

    private sealed record Brought(bool IsHere);
}
