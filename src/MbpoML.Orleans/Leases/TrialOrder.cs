namespace MbpoML.Orleans.Leases;

/// <summary>What a worker has to do: a run up to a number of steps.</summary>
/// <param name="Task">The trial and the seed of the run, and its study.</param>
/// <param name="Life">The mark of this life of the study in the cluster: its folders are never those of an earlier one.</param>
/// <param name="Steps">The real steps that the run has to reach.</param>
/// <param name="Options">The content of its options.json.</param>
[GenerateSerializer]
internal sealed record TrialOrder(
    [property: Id(0)] StudyTask Task, [property: Id(1)] string Life, [property: Id(2)] int Steps, [property: Id(3)] string Options);
