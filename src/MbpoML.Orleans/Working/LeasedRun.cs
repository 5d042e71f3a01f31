using MbpoML.Experiments;
using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Studies;
using MbpoML.Orleans.Grains;
using MbpoML.Orleans.Leases;
using MbpoML.Orleans.Store;

namespace MbpoML.Orleans.Working;

/// <summary>Trains the run of a lease in the folder of its epoch, gives signs of life, and drops its work when the lease is lost.</summary>
/// <param name="lease">The lease: what has to be trained, in which epoch, and from which checkpoint.</param>
/// <param name="place">The store, the executor and the times that all runs of the worker share.</param>
/// <param name="trial">The grain of the run.</param>
internal sealed class LeasedRun(TrialLease lease, WorkPlace place, ITrialGrain trial)
{
    // Without any answer for so many times of a lease nobody waits for the result any more.
    private const int LongestSilence = 6;

    private readonly RunFolder _folder = place.Folders.Of(lease.Order.Task, lease.Order.Life, lease.Epoch);
    private readonly PromotedCheckpoint? _from = lease.From;
    private readonly StepWatch _steps = new(place.Events);
    private PromotedCheckpoint? _untold;
    private long _lastBeat = place.Clock.GetTimestamp();
    private long _lastAnswer = place.Clock.GetTimestamp();

    private string Name => Invariant($"{lease.Order.Task.Name} of '{lease.Order.Task.Study}', epoch {lease.Epoch}");

    /// <summary>Trains until the steps of the order, a loss of the lease, or a stop of the worker.</summary>
    /// <param name="stop">Stops with a checkpoint and gives the lease back.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var promotion = new RunPromotion(_folder, lease.Epoch);
        var training = Task.Run(() => TrainAsync(end.Token), CancellationToken.None);
        while (!training.IsCompleted)
        {
            // Before the checkpoint is looked for: the next one ends the wait, and what is told of the steps is never further from it than one interval.
            var (next, steps) = (_steps.NextCheckpoint, _steps.Steps);
            var rest = place.LeaseTime / 4 - place.Clock.GetElapsedTime(_lastBeat);
            // A checkpoint is told at once, so that little is done twice; otherwise four signs of life are enough.
            if (!PutAside(promotion) && rest > TimeSpan.Zero)
            {
                await Task.WhenAny(training, next, Task.Delay(rest, place.Clock, CancellationToken.None)).ConfigureAwait(false);
                continue;
            }

            _lastBeat = place.Clock.GetTimestamp();
            if (await BeatAsync(steps, promotion).ConfigureAwait(false)) continue;
            place.Say($"{Name}: the lease is lost, and the work of this epoch is dropped.");
            await end.CancelAsync().ConfigureAwait(false);
            await training.ConfigureAwait(false);
            return;
        }

        await ReturnAsync(await training.ConfigureAwait(false), promotion, stop).ConfigureAwait(false);
    }

    private async Task<RunOutcome> TrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            var earlier = _from is null ? null : place.Folders.Of(lease.Order.Task, lease.Order.Life, _from.Epoch);
            if (!RunCopy.Begin(_folder, earlier, _from, lease.Order.Options) && _from is not null)
                place.Say(Invariant($"{Name}: the checkpoint of epoch {_from.Epoch} is gone or damaged. The run begins anew, and learns the same once more."));
            return await place.Executor.RunAsync(TakenRun.Take(_folder), _steps, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return new RunOutcome(RunStatus.Failed, 0, 0, null, exception.Message);
        }
    }

    // Whether there is a new checkpoint to be told.
    private bool PutAside(RunPromotion promotion)
    {
        try
        {
            if (promotion.PutAside(_from?.Step ?? -1) is not { } aside) return false;
            _untold = aside;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            place.Say($"{Name}: a checkpoint cannot be put aside yet: {Notes.Of(exception)}");
            return false;
        }
    }

    // Whether the lease may still hold. Without an answer that is not known: the run goes on, because its folder is its own.
    private async Task<bool> BeatAsync(long steps, RunPromotion promotion)
    {
        try
        {
            if (!await trial.BeatAsync(lease.Epoch, steps, _untold).ConfigureAwait(false)) return false;
            _lastAnswer = place.Clock.GetTimestamp();
            if (_untold is not null)
            {
                promotion.Counts(_untold);
                place.Folders.DeleteBefore(lease.Order.Task, lease.Order.Life, lease.Epoch);
            }

            _untold = null;
            return true;
        }
        catch (Exception exception)
        {
            place.Say($"{Name}: the cluster gives no answer: {Notes.Of(exception)}");
            return place.Clock.GetElapsedTime(_lastAnswer) < LongestSilence * place.LeaseTime;
        }
    }

    private async Task ReturnAsync(RunOutcome outcome, RunPromotion promotion, CancellationToken stop)
    {
        var given = GivenBack(outcome, promotion, stop);
        while (true)
        {
            try
            {
                if (!await trial.ReturnAsync(lease.Epoch, lease.Order.Steps, given).ConfigureAwait(false))
                    place.Say($"{Name}: the lease was lost before the end, and the work of this epoch is dropped.");
                return;
            }
            catch (Exception exception)
            {
                place.Say($"{Name}: the cluster gives no answer to the result, which is told again: {Notes.Of(exception)}");
            }

            // The lease runs out by itself, and what was promoted is not lost.
            if (stop.IsCancellationRequested || place.Clock.GetElapsedTime(_lastAnswer) >= LongestSilence * place.LeaseTime) return;
            await Task.Delay(place.LeaseTime / 4, place.Clock, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private TrialReturn GivenBack(RunOutcome outcome, RunPromotion promotion, CancellationToken stop)
    {
        try
        {
            var isFinished = outcome.Status == RunStatus.Finished;
            _untold = promotion.PutAside(isFinished ? -1 : _from?.Step ?? -1) ?? _untold;
            if (isFinished)
                return new TrialReturn(
                    TrialEnding.Finished, Study.ResultOf(_folder, lease.Order.Steps, outcome, place.Executor.Tasks).Value, null, _untold);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or RunDataException)
        {
            outcome = new RunOutcome(RunStatus.Failed, 0, 0, null, exception.Message);
        }

        if (outcome.Status == RunStatus.Interrupted || stop.IsCancellationRequested) return new TrialReturn(TrialEnding.Released, null, null, _untold);
        if (StoreSpace.Trouble(_folder) is not { } trouble)
        {
            place.Say($"{Name}: {outcome.Failure}");
            return new TrialReturn(TrialEnding.Failed, null, outcome.Failure, _untold);
        }

        place.Say($"{Name}: the store '{place.Folders.Store}' takes nothing more: {trouble}. Make room; the run goes on by itself from its last checkpoint.");
        return new TrialReturn(TrialEnding.StoreFull, null, null, _untold);
    }
}
