namespace MbpoML.Experiments.Execution;

/// <summary>A run begins, or goes on. It is the first event of each session.</summary>
/// <param name="Folder">The folder of the run.</param>
public sealed record RunStarted(string Folder) : RunEvent(Folder)
{
    /// <summary>Whether it goes on from a checkpoint.</summary>
    public bool Resumes { get; init; }
}
