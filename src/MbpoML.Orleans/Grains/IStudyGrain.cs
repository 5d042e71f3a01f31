using MbpoML.Orleans.Leases;

namespace MbpoML.Orleans.Grains;

/// <summary>A study: its journal and its sampler. It alone decides what is trained next. The key is its name.</summary>
[Alias("mbpo-study")]
internal interface IStudyGrain : IGrainWithStringKey
{
    /// <summary>Takes a study in, or goes on with it. Told again, it changes nothing.</summary>
    [Alias("begin")]
    Task<StudyNews> BeginAsync(StudyBeginning beginning);

    /// <summary>Gives a run that is due to a worker.</summary>
    /// <returns>The lease; null where there is nothing to do now.</returns>
    [Alias("take")]
    Task<TrialLease?> TakeAsync(WorkerSlot slot);

    /// <summary>Tells how the study stands, and decides where all runs are over.</summary>
    /// <param name="known">The lines of the journal that the caller has.</param>
    [Alias("look")]
    Task<StudyNews> LookAsync(int known);

    /// <summary>Forgets the study and its runs.</summary>
    [Alias("forget")]
    Task ForgetAsync();
}
