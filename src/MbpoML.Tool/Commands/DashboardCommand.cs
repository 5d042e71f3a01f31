using System.CommandLine;
using MbpoML.Dashboard;
using MbpoML.Training.Watches;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo dashboard</c>.</summary>
internal sealed class DashboardCommand
{
    private const int DefaultPort = 8765;

    private readonly Argument<string[]> _runs = new("runs")
    {
        Description = "Folders of runs or studies, or folders that hold some. Those that come later appear by themselves.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int> _port =
        new("--port") { Description = "The port, from 0 to 65535; 0 takes a free one.", DefaultValueFactory = _ => DefaultPort };

    private readonly Option<string> _bind = new("--bind")
    {
        Description = "The address to listen on, as in 0.0.0.0 for all of the machine. Others than its own need the token.",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description =
            "What a viewer has to know: 16 to 200 letters, digits, '-' or '_'. Default: none for this machine alone, else a random one that is printed.",
    };

    private readonly Option<string[]> _hosts = new("--host")
    {
        Description = "Names by which browsers may call the server, besides addresses, localhost and the machine's own name.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _offline =
        new("--offline") { Description = "Writes the page with its data to one .html file and ends, without a server." };

    public static Command Create(ToolConsole console)
    {
        var parts = new DashboardCommand();
        var command = new Command("dashboard", "Shows runs and studies on a page that follows them while they go.")
        {
            parts._runs, parts._port, parts._bind, parts._token, parts._hosts, parts._offline,
        };
        command.SetAction(parsed => parts.RunAsync(parsed, console).GetAwaiter().GetResult());
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, ToolConsole console)
    {
        var options = new DashboardOptions
        {
            Paths = parsed.GetValue(_runs)!,
            Port = parsed.GetValue(_port),
            Bind = parsed.GetValue(_bind)!,
            Token = parsed.GetValue(_token),
            HostNames = parsed.GetValue(_hosts) ?? [],
        };
        try
        {
            return parsed.GetValue(_offline) is { } file
                ? await CopyAsync(file, options, console).ConfigureAwait(false) : await ServeAsync(options, console).ConfigureAwait(false);
        }
        catch (ArgumentException exception)
        {
            // What the options refuse is what was typed.
            throw new UsageException(exception.Message);
        }
    }

    private static async Task<int> CopyAsync(string file, DashboardOptions options, ToolConsole console)
    {
        if (string.IsNullOrWhiteSpace(file) || Directory.Exists(file))
            throw new UsageException($"--offline is '{file}', but must name a file, as in dashboard.html.");
        var runs = await OfflineCopy.WriteAsync(file, options).ConfigureAwait(false);
        console.Out.WriteLine(Invariant($"wrote {file} with {runs} {(runs == 1 ? "run" : "runs")}"));
        return ExitCodes.Success;
    }

    private static async Task<int> ServeAsync(DashboardOptions options, ToolConsole console)
    {
        using var signals = new TerminationSignals();
        var server = await DashboardServer.StartAsync(options, signals.Token).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            console.Out.WriteLine($"The page is at {server.AddressToOpen}");
            console.Out.WriteLine("It follows the runs until Ctrl+C ends it.");
            var ended = new TaskCompletionSource();
            using var registration = signals.Token.Register(ended.SetResult);
            await ended.Task.ConfigureAwait(false);
        }

        return ExitCodes.Success;
    }
}
