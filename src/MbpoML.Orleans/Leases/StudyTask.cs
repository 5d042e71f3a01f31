using MbpoML.Experiments.Studies;

namespace MbpoML.Orleans.Leases;

/// <summary>One training of a study as the cluster knows it: what messages and folders call it.</summary>
/// <param name="Study">The name of the study.</param>
/// <param name="Trial">The number of the trial, from 0.</param>
/// <param name="Seed">The seed of the run.</param>
/// <param name="IsFinal">Whether it is one of the best trial's runs with a fresh seed.</param>
[GenerateSerializer]
internal sealed record StudyTask([property: Id(0)] string Study, [property: Id(1)] int Trial, [property: Id(2)] int Seed, [property: Id(3)] bool IsFinal)
{
    /// <summary>The key of its grain. A name may hold any character: it comes last.</summary>
    public string Key => Invariant($"{(IsFinal ? "winner" : "trial")}-{Trial:D3}/seed-{Seed}/{Study}");

    /// <summary>What people read.</summary>
    public string Name => Invariant($"{(IsFinal ? "winner" : "trial")}-{Trial:D3}/seed-{Seed}");

    public static StudyTask Of(string study, StudyRun run) => new(study, run.Trial, run.Seed, run.IsFinal);
}
