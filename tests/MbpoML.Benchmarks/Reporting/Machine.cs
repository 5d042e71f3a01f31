using System.Globalization;

namespace MbpoML.Benchmarks.Reporting;

/// <summary>Says where and when something was measured, in one line to stand above the figures.</summary>
internal static class Machine
{
    public static void Print()
    {
        var here = Numerics.Torch.Machine.This();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}, {here.Processor}, {here.Cores} cores, {here.System}, {here.Runtime}, {here.Torch}"));
    }
}
