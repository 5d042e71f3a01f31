using System.CommandLine;
using System.Diagnostics;
using System.Text;
using CsCheck;
using MbpoML.Fuzzing;
using MbpoML.Numerics.Torch;
using MbpoML.Plotting;

namespace MbpoML.Benchmarks;

/// <summary>The verb <c>fuzz</c>: hostile files for every reader, in numbers that no test suite has time for.</summary>
internal static class FuzzCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Command Create()
    {
        var inputs = new Option<int>("--inputs") { Description = "Files in all; each reader gets an equal share.", DefaultValueFactory = _ => 100_000 };
        var seed = new Option<ulong>("--seed") { Description = "Decides what is in the files.", DefaultValueFactory = _ => 1 };
        var only = new Option<string?>("--reader") { Description = "The one reader that gets all files." };
        var command = new Command("fuzz", "Gives hostile files to all readers and counts what they do with them.") { inputs, seed, only };
        command.SetAction(parsed => Run(parsed.GetValue(inputs), parsed.GetValue(seed), parsed.GetValue(only)));
        return command;
    }

    private static int Run(int inputs, ulong seed, string? only)
    {
        TorchRuntime.EnsureAvailable();
        FuzzedReader[] readers = [.. Readers.Create().Append(LearningCurves()).Where(reader => only is null || reader.Name == only)];
        if (readers.Length == 0) throw new ArgumentException($"There is no reader '{only}'.", nameof(only));
        using var sandbox = new Sandbox();
        // What a reader writes beside its file would be written here, and found.
        Environment.CurrentDirectory = sandbox.Folder;
        Environment.SetEnvironmentVariable("TMPDIR", sandbox.Folder);

        Console.WriteLine("| reader | files | accepted | refused | failures | most allocated for a file (KiB) | slowest file (ms) |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        var files = (inputs + readers.Length - 1) / readers.Length;
        var results = readers.Select(reader =>
        {
            var slowest = TimeSpan.Zero;
            return Printed(FuzzRun.Run(reader with { Read = Timed }, files, seed, sandbox, Patience), slowest);

            void Timed(string path)
            {
                var start = Stopwatch.GetTimestamp();
                try
                {
                    reader.Read(path);
                }
                finally
                {
                    var time = Stopwatch.GetElapsedTime(start);
                    if (time > slowest) slowest = time;
                }
            }
        }).ToArray();
        Console.WriteLine();
        foreach (var failure in results.SelectMany(result => result.Failures)) Console.WriteLine(failure);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            $"{results.Sum(result => result.Accepted + result.Refused)} files, {results.Sum(result => result.Failures.Count)} failures, peak working set " +
                $"{process.PeakWorkingSet64 >> 20} MiB");
        return results.All(result => result.Failures.Count == 0) ? 0 : 1;
    }

    private static FuzzResult Printed(FuzzResult result, TimeSpan slowest)
    {
        Console.WriteLine(FormattableString.Invariant(
            $"| {result.Reader} | {result.Accepted + result.Refused} | {result.Accepted} | {result.Refused} | {result.Failures.Count} | ") +
            FormattableString.Invariant($"{result.MostAllocated >> 10} | {slowest.TotalMilliseconds:F1} |"));
        return result;
    }

    private static FuzzedReader LearningCurves()
    {
        var good = Encoding.UTF8.GetBytes("algorithm,run,step,return\nMBPO,1,250,-142.5\nMBPO,1,500,-1e3\n\"a, \"\"b\"\"\",2,1,0\n");
        string[] lines = ["MBPO,1,NaN,1", "MBPO,1,1,Infinity", "MBPO,1,1e999,1", ",1,1,1", "MBPO,99999999999,1,1", new string(',', 100_000),
            new string('"', 100_000), "MBPO,1,2,1\nMBPO,1,1,1"];
        var files = Gen.Frequency<byte[]>((3, Mutations.Of(good)), (1, Gen.OneOf(lines).Select(line => (byte[])[.. good, .. Encoding.UTF8.GetBytes(line)])));
        return new FuzzedReader("learning-curve CSV", files, path => LearningCurveCsv.Read(path), typeof(FormatException), 16 * 1024 * 1024);
    }
}
