using CsCheck;

namespace MbpoML.Fuzzing;

/// <summary>Gives a reader many hostile files and keeps account of what it does with them.</summary>
public static class FuzzRun
{
    private const int MaxFailures = 20;

    /// <summary>Runs files number 0 to <paramref name="files"/> - 1 of a seed, each of which is the same in every run.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="files">How many.</param>
    /// <param name="seed">Decides what is in them.</param>
    /// <param name="sandbox">Where they are written, and what the reader must leave as it is.</param>
    /// <param name="patience">Ends the process when a file takes longer: nothing else ends a reader that hangs.</param>
    public static FuzzResult Run(FuzzedReader reader, int files, ulong seed, Sandbox sandbox, TimeSpan? patience = null)
    {
        var (accepted, refused, most, failures) = (0, 0, 0L, new List<string>());
        var number = 0;
        using var watch = new Timer(_ => Environment.FailFast($"{reader.Name}: file {number} of seed {seed} took longer than {patience}."));
        for (; number < files && failures.Count < MaxFailures; number++)
        {
            File.WriteAllBytes(sandbox.Input, reader.Files.Generate(new PCG((uint)number, seed), null, out _));
            watch.Change(patience ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                reader.Read(sandbox.Input);
                accepted++;
            }
            catch (Exception exception) when (exception.GetType() == reader.Documented)
            {
                refused++;
            }
            catch (Exception exception)
            {
                failures.Add($"{reader.Name}: file {number} of seed {seed}: {exception}");
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            most = Math.Max(most, allocated);
            if (allocated > reader.MaxAllocated) failures.Add($"{reader.Name}: file {number} of seed {seed} made it allocate {allocated} bytes.");
        }

        failures.AddRange(sandbox.Changes().Select(change => $"{reader.Name}: {change}"));
        return new FuzzResult(reader.Name, accepted, refused, failures, most);
    }
}
