using MbpoML.Orleans.Grains;
using MbpoML.Orleans.Leases;

namespace MbpoML.Orleans.Tests.Working;

/// <summary>The grain of a run that keeps what it is told, and answers as a test wants.</summary>
internal sealed class FakeTrialGrain : ITrialGrain
{
    /// <summary>Whether the lease holds; may throw as a cluster does that gives no answer.</summary>
    public Func<int, bool> Holds { get; init; } = _ => true;

    /// <summary>Whether a result counts; may throw.</summary>
    public Func<int, bool> Takes { get; init; } = _ => true;

    public List<PromotedCheckpoint?> Beats { get; } = [];

    /// <summary>The steps that were told with each sign of life.</summary>
    public List<long> Steps { get; } = [];

    public List<TrialReturn> Returned { get; } = [];

    public Task<bool> BeatAsync(long epoch, long steps, PromotedCheckpoint? checkpoint)
    {
        Beats.Add(checkpoint);
        Steps.Add(steps);
        return Task.FromResult(Holds(Beats.Count));
    }

    public Task<bool> ReturnAsync(long epoch, int steps, TrialReturn given)
    {
        Returned.Add(given);
        return Task.FromResult(Takes(Returned.Count));
    }

    public Task<LeaseReply> LeaseAsync(TrialOrder order, WorkerSlot slot) => throw new NotSupportedException();

    public Task<TrialSituation> LookAsync(string life) => throw new NotSupportedException();

    public Task ForgetAsync() => throw new NotSupportedException();
}
