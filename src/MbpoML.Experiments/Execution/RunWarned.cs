namespace MbpoML.Experiments.Execution;

/// <summary>Something about a run went wrong, or may: the log's warnings, and what the process of a run said before it ended.</summary>
/// <param name="Folder">The folder of the run.</param>
/// <param name="Message">What the run warns of, in whole sentences.</param>
public sealed record RunWarned(string Folder, string Message) : RunEvent(Folder);
