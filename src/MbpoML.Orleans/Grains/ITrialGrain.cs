using MbpoML.Orleans.Leases;

namespace MbpoML.Orleans.Grains;

/// <summary>One run of a study: who has it, with which epoch, and what counts of it. The key is that of its <see cref="StudyTask"/>.</summary>
[Alias("mbpo-trial")]
internal interface ITrialGrain : IGrainWithStringKey
{
    /// <summary>
    /// How long an answer that takes some milliseconds is waited for: the grain of one run, whose silo was just killed, does not keep the others waiting.
    /// </summary>
    const string Patience = "00:00:04";

    /// <summary>Gives a lease where the run has to be trained and nobody has it.</summary>
    [Alias("lease")]
    [ResponseTimeout(Patience)]
    Task<LeaseReply> LeaseAsync(TrialOrder order, WorkerSlot slot);

    /// <summary>A sign of life, with a checkpoint where there is a new one.</summary>
    /// <param name="epoch">The epoch of the lease.</param>
    /// <param name="steps">The steps of the run when its newest checkpoint was looked for.</param>
    /// <param name="checkpoint">The checkpoint; null where there is no newer one than was told.</param>
    /// <returns>Whether the lease still holds; where it does not, the checkpoint does not count.</returns>
    [Alias("beat")]
    Task<bool> BeatAsync(long epoch, long steps, PromotedCheckpoint? checkpoint);

    /// <summary>Gives a lease back. Told again, it changes nothing.</summary>
    /// <returns>Whether what was told counts.</returns>
    [Alias("return")]
    Task<bool> ReturnAsync(long epoch, int steps, TrialReturn given);

    /// <summary>How the run stands in a life of its study.</summary>
    [Alias("look")]
    [ResponseTimeout(Patience)]
    Task<TrialSituation> LookAsync(string life);

    /// <summary>Forgets the run.</summary>
    [Alias("forget")]
    Task ForgetAsync();
}
