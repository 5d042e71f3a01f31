namespace MbpoML.Experiments.Execution;

/// <summary>A session of a run is over: the run has finished, was stopped, or failed. It is the last event of each session.</summary>
/// <param name="Folder">The folder of the run.</param>
/// <param name="Outcome">How the run stands at its end.</param>
public sealed record RunEnded(string Folder, RunOutcome Outcome) : RunEvent(Folder);
