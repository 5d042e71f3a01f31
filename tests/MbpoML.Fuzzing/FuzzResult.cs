namespace MbpoML.Fuzzing;

/// <summary>What a reader did with its files.</summary>
/// <param name="Reader">Its name.</param>
/// <param name="Accepted">Files that were read.</param>
/// <param name="Refused">Files that were answered with the documented exception.</param>
/// <param name="Failures">What happened to all others, with the number of the file to repeat it by.</param>
/// <param name="MostAllocated">Bytes of managed memory that the worst file made it allocate.</param>
public sealed record FuzzResult(string Reader, int Accepted, int Refused, IReadOnlyList<string> Failures, long MostAllocated);
