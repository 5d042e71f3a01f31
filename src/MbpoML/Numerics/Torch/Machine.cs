using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace MbpoML.Numerics.Torch;

/// <summary>Where something was measured: hardware and versions.</summary>
/// <param name="Processor">The name of the processor.</param>
/// <param name="Cores">Cores that the process may use.</param>
/// <param name="System">The name and version of the operating system.</param>
/// <param name="Runtime">The version of the .NET runtime.</param>
/// <param name="Torch">The versions of TorchSharp and libtorch.</param>
/// <param name="MbpoML">The version of this library.</param>
public sealed record Machine(string Processor, int Cores, string System, string Runtime, string Torch, string MbpoML)
{
    /// <summary>The machine of this process.</summary>
    /// <exception cref="PlatformNotSupportedException">libtorch cannot be loaded here.</exception>
    public static Machine This()
    {
        // Before anything uses torch directly: only MbpoML finds its native libraries on every Linux.
        TorchRuntime.EnsureAvailable();
        var version = typeof(TorchRuntime).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        return new(
            ProcessorName(), Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription,
            $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)} with libtorch {torch.__version__}", version);
    }

    private static string ProcessorName()
    {
        const string linux = "/proc/cpuinfo";
        var model = File.Exists(linux) ? File.ReadLines(linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return model is null ? RuntimeInformation.ProcessArchitecture.ToString() : model[(model.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
