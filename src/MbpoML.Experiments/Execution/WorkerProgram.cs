using System.Diagnostics;
using System.Reflection;

namespace MbpoML.Experiments.Execution;

/// <summary>
/// The program that <see cref="ChildProcessExecutor"/> starts for each run: it calls <see cref="RunWorker.Run"/> with the folder that is its last argument.
/// </summary>
/// <param name="File">The path of the program, or "dotnet".</param>
/// <param name="Arguments">The arguments that stand before the folder of the run.</param>
public sealed record WorkerProgram(string File, IReadOnlyList<string> Arguments)
{
    /// <summary>A program's own assembly, started as it was itself: as one file, beside its assembly, or by the host that runs the assembly.</summary>
    /// <param name="program">The assembly with the entry point.</param>
    /// <param name="arguments">What stands before the folder, as in "work".</param>
    public static WorkerProgram Of(Assembly program, params IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(arguments);
        var name = program.GetName().Name;
        return Path.GetFileNameWithoutExtension(Environment.ProcessPath) == name
            ? new WorkerProgram(Environment.ProcessPath!, arguments)
            : new WorkerProgram(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
                [Path.Combine(AppContext.BaseDirectory, $"{name}.dll"), .. arguments]);
    }

    internal ProcessStartInfo StartOf(RunFolder folder) =>
        new(File, [.. Arguments, folder.Path]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
}
