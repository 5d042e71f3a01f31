using System.Collections.Concurrent;
using MbpoML.Experiments.Tasks;
using MbpoML.Orleans.Collecting;

namespace MbpoML.Orleans.Tests.Collecting;

/// <summary>Collectors in this process, to which a test does what happens to workers.</summary>
/// <param name="count">How many nodes there are.</param>
/// <param name="seats">Simulators that each may step.</param>
internal sealed class FakeCollectors(int count, int seats = 100) : ICollectorFinder
{
    private readonly Node[] _nodes = [.. Enumerable.Range(0, count).Select(number => new Node($"node-{number}", seats))];
    private int _next;

    /// <summary>Is asked before each call of a node, with the number of the move: what happens to it?</summary>
    public Func<string, long, Fault> Faults { get; init; } = (_, _) => Fault.None;

    /// <summary>How often each simulator was sent somewhere.</summary>
    public int Found { get; private set; }

    /// <summary>An environment whose steps these collectors make.</summary>
    public RemoteEnvironment Create(TrainingTask task, BookKeeper books, Action<string>? notes = null, CancellationToken stop = default) => new(
        task.Create(), new RemoteSimulator(Guid.NewGuid().ToString("N"), SimulatorOrder.Of(task), new CollectorLink(
            this, TimeSpan.FromSeconds(0.4), TimeSpan.FromMilliseconds(1), TimeProvider.System, books, notes is null ? null : new Listener(notes), stop)));

    public Task<ICollector?> FindAsync(string simulator)
    {
        lock (_nodes)
        {
            var alive = _nodes.Where(node => node.IsAlive).ToArray();
            if (alive.Length == 0) return Task.FromResult<ICollector?>(null);
            Found++;
            return Task.FromResult<ICollector?>(new Seat(alive[_next++ % alive.Length], simulator, Faults));
        }
    }

    public Task<bool> LivesAsync(ICollector collector) => Task.FromResult(((Seat)collector).Node.IsAlive);

    internal enum Fault
    {
        None,

        /// <summary>The move is done, and its answer lost.</summary>
        AnswerLost,

        /// <summary>The answer comes when nobody waits for it any more.</summary>
        AnswerLate,

        /// <summary>The node dies before it answers.</summary>
        Killed,
    }

    internal sealed class Node(string name, int seats)
    {
        private readonly CollectorSeats _seats = new(seats);
        private readonly ConcurrentDictionary<string, CollectorDesk> _desks = [];

        public string Name => name;

        public bool IsAlive { get; private set; } = true;

        public void Die() => IsAlive = false;

        public CollectorDesk Desk(string simulator) => _desks.GetOrAdd(
            simulator, _ => new CollectorDesk(order => order.Make(TaskCatalog.Analytic), _seats, TimeSpan.FromSeconds(10), TimeProvider.System));
    }

    private sealed class Listener(Action<string> listen) : IProgress<string>
    {
        public void Report(string value) => listen(value);
    }

    private sealed class Seat(Node node, string simulator, Func<string, long, Fault> faults) : ICollector
    {
        public Node Node => node;

        public string Worker => node.Name;

        public async Task<CollectorReply> CallAsync(CollectorCall call)
        {
            if (!node.IsAlive) throw new TimeoutException("The node is dead.");
            var fault = faults(node.Name, call.Number);
            if (fault == Fault.Killed) node.Die();
            if (!node.IsAlive) throw new TimeoutException("The node has died.");
            var reply = await node.Desk(simulator).CallAsync(call);
            if (fault == Fault.AnswerLate) await Task.Delay(600);
            return fault == Fault.AnswerLost ? throw new TimeoutException("The answer is lost.") : reply;
        }

        public Task CloseAsync(long epoch) => node.Desk(simulator).CloseAsync(epoch);
    }
}
