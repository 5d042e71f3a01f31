namespace MbpoML.Benchmarks.Comparing;

/// <summary>One way to do the same work, measured beside others.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Threads">Torch's threads inside one operation while it runs.</param>
/// <param name="Run">Does the given number of units of work.</param>
internal sealed record Variant(string Name, int Threads, Action<int> Run);
