using System.CommandLine;

namespace MbpoML.Benchmarks.Golden;

/// <summary>The verb <c>golden</c>: what short runs of every kind give, to the bit, before and after a change of the code.</summary>
internal static class GoldenCommand
{
    public static Command Create()
    {
        var output = new Option<FileInfo?>("--out") { Description = "Where the hashes are written, a line each." };
        var against = new Option<FileInfo?>("--against") { Description = "What an earlier call wrote on this machine." };
        var only = new Option<string>("--only") { Description = "The cases whose names contain this.", DefaultValueFactory = _ => "" };
        var command = new Command("golden", "Short runs of every kind, and the hashes of their policies, metrics, pools and models.") { output, against, only };
        command.SetAction(parsed => Run(parsed.GetValue(output), parsed.GetValue(against), parsed.GetValue(only)!));
        return command;
    }

    private static int Run(FileInfo? output, FileInfo? against, string only)
    {
        var before = against is null ? null : File.ReadAllLines(against.FullName).ToHashSet(StringComparer.Ordinal);
        var (lines, different) = (new List<string>(), 0);
        foreach (var golden in GoldenCases.All.Where(golden => golden.Name.Contains(only, StringComparison.Ordinal)))
        {
            foreach (var (kind, hash) in GoldenRun.Of(golden))
            {
                var line = $"{golden.Name} | {kind} | {hash}";
                var isSame = before?.Contains(line) ?? true;
                if (!isSame) different++;
                Console.WriteLine(isSame ? line : $"{line}   DIFFERENT");
                lines.Add(line);
            }

            // As far as it is known, even if a later case fails.
            if (output is not null) File.WriteAllLines(output.FullName, lines);
        }

        if (before is not null) Console.WriteLine($"{lines.Count - different} of {lines.Count} are the same");
        return different == 0 ? 0 : 1;
    }
}
