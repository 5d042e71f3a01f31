using System.Diagnostics;

namespace MbpoML.Tests;

/// <summary>Runs a program to its end and keeps what it printed.</summary>
internal sealed record ChildProcess(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The program that runs .NET assemblies.</summary>
    public static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs <c>dotnet</c> with arguments.</summary>
    public static ChildProcess Dotnet(
        IEnumerable<string> arguments, string? workingFolder = null, IReadOnlyDictionary<string, string>? environment = null,
        Action<Process>? whileRunning = null) =>
        Run(Host, arguments, workingFolder, environment, whileRunning);

    /// <summary>Runs any program with arguments.</summary>
    public static ChildProcess Run(
        string program, IEnumerable<string> arguments, string? workingFolder = null, IReadOnlyDictionary<string, string>? environment = null,
        Action<Process>? whileRunning = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        whileRunning?.Invoke(process);
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{program} {string.Join(' ', start.ArgumentList)}' did not end within {Patience}.");
        }

        return new ChildProcess(process.ExitCode, output.Result, errors.Result);
    }
}
