using System.Diagnostics;
using MbpoML.Tool.Display;

namespace MbpoML.Tool.Seeds;

/// <summary>Trains a run in a process of its own, so that neither a native crash nor a lack of memory in one seed reaches the others.</summary>
internal static class ChildRun
{
    /// <summary>Starts the process and returns when it is over.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="turn">Its lock, which the process takes over as soon as it says that it is ready for it.</param>
    /// <param name="display">Where the run is shown.</param>
    /// <param name="cancellationToken">Tells the process to save and stop.</param>
    /// <returns>Its exit code.</returns>
    public static int Run(RunFolder folder, RunLock turn, IRunDisplay display, CancellationToken cancellationToken)
    {
        using var held = turn;
        using var process = Process.Start(Self(["work", folder.Path])) ?? throw new ToolException("The process of a run could not be started.");
        var lastWords = process.StandardError.ReadToEndAsync(CancellationToken.None);
        // The end of its input tells the run to save and stop. It comes as well when this process is killed, so no run is ever left behind.
        using var stop = cancellationToken.Register(process.StandardInput.Close);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line == PipeDisplay.Ready) turn.Dispose();
            else PipeDisplay.Relay(folder.Name, line, display);
        }

        process.WaitForExit();
        if (lastWords.Result.Trim() is { Length: > 0 } words) display.Warn(folder.Name, words);
        return process.ExitCode;
    }

    private static ProcessStartInfo Self(IReadOnlyList<string> arguments)
    {
        // The program itself, as one file or beside its assembly, or the host that runs the assembly.
        var name = typeof(ChildRun).Assembly.GetName().Name;
        var start = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == name
            ? new ProcessStartInfo(Environment.ProcessPath!, arguments)
            : new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, $"{name}.dll"), .. arguments]);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        return start;
    }
}
