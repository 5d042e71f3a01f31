using CsCheck;

namespace MbpoML.Fuzzing;

/// <summary>A reader of files, hostile files for it, and what it promises.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Files">Makes files, few of which are as they should be.</param>
/// <param name="Read">Reads the file of a path and uses all that it gave.</param>
/// <param name="Documented">The one exception that a file may cause; null where none may.</param>
/// <param name="MaxAllocated">The most bytes of managed memory that one file may make it allocate, in all.</param>
public sealed record FuzzedReader(string Name, Gen<byte[]> Files, Action<string> Read, Type? Documented, long MaxAllocated);
