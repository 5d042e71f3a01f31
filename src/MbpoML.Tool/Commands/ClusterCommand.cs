using System.CommandLine;
using MbpoML.Experiments.Execution;
using MbpoML.Orleans;
using MbpoML.Tool.Display;
using MbpoML.Tool.Runs;
using MbpoML.Tool.Tasks;
using MbpoML.Training.Watches;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo cluster worker</c>.</summary>
internal static class ClusterCommand
{
    public static Command Create(ToolConsole console) =>
        new("cluster", "Trains the runs of studies on many machines; 'mbpo study run --cluster' gives them a study.") { Worker(console) };

    // Nobody watches it closely, and each sign of life takes the worker some 0.2 ms.
    private static readonly string[] _work = ["work", "--interval", "1"];

    /// <summary>A worker of this program: each run in a process of its own.</summary>
    /// <param name="slots">Runs side by side; null for one for each core.</param>
    public static WorkerOptions WorkerOf(int? slots) => new()
    {
        Executor = new ChildProcessExecutor(TaskList.Catalog, WorkerProgram.Of(typeof(RunSet).Assembly, _work)),
        Slots = slots ?? Environment.ProcessorCount,
    };

    private static Command Worker(ToolConsole console)
    {
        var options = new ClusterOptionSet();
        var slots = new Option<int?>("--slots") { Description = "Runs side by side, a thread each. Default: one for each core." };
        var collectors = new Option<int>("--collectors")
        {
            Description = "Simulators that it steps for trainers elsewhere, 'mbpo train --collectors'; with --slots 0 nothing else. Default: 0.",
        };
        var address = new Option<string?>("--address") { Description = "The address of this machine for the other workers. Default: its first one." };
        var siloPort = new Option<int>("--silo-port") { Description = "The port for the other workers; 0 takes a free one." };
        var gatewayPort = new Option<int>("--gateway-port") { Description = "The port for those who run a study; 0 takes a free one." };
        var command = new Command("worker", "Takes runs that are due, until Ctrl+C: then each is saved and given back.")
        {
            slots, collectors, address, siloPort, gatewayPort,
        };
        foreach (var option in options.All) command.Add(option);
        command.SetAction(parsed =>
        {
            if (!options.HasServer(parsed)) throw new UsageException("Name the server by which workers find each other with --redis, as in localhost:6379.");
            var worker = WorkerOf(parsed.GetValue(slots)) with
            {
                Collectors = parsed.GetValue(collectors),
                Address = parsed.GetValue(address),
                SiloPort = parsed.GetValue(siloPort),
                GatewayPort = parsed.GetValue(gatewayPort),
            };
            using var signals = new TerminationSignals();
            var display = new WorkerDisplay(new LineDisplay(console));
            ClusterWorker.RunAsync(options.Read(parsed, store: null), worker, display, display, signals.Token).GetAwaiter().GetResult();
            return ExitCodes.Success;
        });
        return command;
    }
}
