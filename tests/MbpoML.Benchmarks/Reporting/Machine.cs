using System.Globalization;
using System.Runtime.InteropServices;
using MbpoML.Numerics;
using TorchSharp;

namespace MbpoML.Benchmarks;

/// <summary>Says where and when something was measured, in one line to stand above the figures.</summary>
internal static class Machine
{
    public static void Print()
    {
        // Before anything uses torch directly: only MbpoML finds its native libraries on every Linux.
        TorchRuntime.EnsureAvailable();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}, {Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {Torch()}"));
    }

    private static string Processor()
    {
        const string linux = "/proc/cpuinfo";
        var model = File.Exists(linux) ? File.ReadLines(linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return model is null ? RuntimeInformation.ProcessArchitecture.ToString() : model[(model.IndexOf(':') + 1)..].Trim();
    }

    private static string Torch() => $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)} with libtorch {torch.__version__}";
}
