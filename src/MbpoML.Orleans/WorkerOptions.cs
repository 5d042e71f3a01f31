using System.Net;
using MbpoML.Experiments;
using MbpoML.Experiments.Execution;

namespace MbpoML.Orleans;

/// <summary>A worker of a cluster.</summary>
public sealed record WorkerOptions
{
    /// <summary>Trains the runs, and knows their tasks: a <see cref="ChildProcessExecutor"/> keeps crashes from the worker. Required.</summary>
    public required LocalRunExecutor Executor { get; init; }

    /// <summary>
    /// Runs side by side, 0 to 1000, and 0 only where <see cref="Collectors"/> is above it. Default: one for each core, because a run of a study has one
    /// thread.
    /// </summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Simulators that it steps side by side for trainers elsewhere (<see cref="CollectorPool"/>), 0 to 1000. Default: 0, none: they run in the worker's own
    /// process, where a crash of one ends all of them and the runs.
    /// </summary>
    public int Collectors { get; init; }

    /// <summary>What messages call the worker. Default: machine and process.</summary>
    public string Name { get; init; } = Invariant($"{Environment.MachineName}-{Environment.ProcessId}");

    /// <summary>
    /// The address of this machine under which the other workers reach it. Default: null, the machine's first address, or 127.0.0.1 where the Redis server is
    /// on the same machine.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>The port for the other workers, 0 to 65535. Default: 0, a free one; give one where a firewall lies between machines.</summary>
    public int SiloPort { get; init; }

    /// <summary>The port for whoever gives the cluster a study, 0 to 65535. Default: 0, a free one.</summary>
    public int GatewayPort { get; init; }

    /// <exception cref="RunSpecException">An option cannot be used.</exception>
    internal void Validate()
    {
        if (Executor is null) throw new RunSpecException("Executor is null, but must train the runs.");
        if (Collectors is < 0 or > 1000) throw new RunSpecException(Invariant($"Collectors is {Collectors}, but must be from 0 to 1000."));
        var least = Collectors > 0 ? 0 : 1;
        if (Slots < least || Slots > 1000) throw new RunSpecException(Invariant($"Slots is {Slots}, but must be from {least} to 1000."));
        if (string.IsNullOrWhiteSpace(Name)) throw new RunSpecException($"Name is '{Name}', but must say something.");
        if (Address is not null && !IPAddress.TryParse(Address, out _))
            throw new RunSpecException($"Address is '{Address}', but must be an address of this machine, as in 10.0.0.5.");
        Port(SiloPort, nameof(SiloPort));
        Port(GatewayPort, nameof(GatewayPort));
        if (SiloPort != 0 && SiloPort == GatewayPort) throw new RunSpecException(Invariant($"SiloPort and GatewayPort are both {SiloPort}, but must differ."));
    }

    private static void Port(int value, string name)
    {
        if (value is < 0 or > 65535) throw new RunSpecException(Invariant($"{name} is {value}, but must be from 0 to 65535."));
    }
}
