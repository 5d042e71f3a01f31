using MbpoML.Environments;
using MbpoML.Experiments.Tasks;
using MbpoML.Orleans.Collecting;
using Fault = MbpoML.Orleans.Tests.Collecting.FakeCollectors.Fault;

namespace MbpoML.Orleans.Tests.Collecting;

/// <summary>Whatever happens to collectors, the trainer sees what an environment of its own would have given.</summary>
public class RemoteEnvironmentTests
{
    private const int Steps = 130, Episode = 50;

    private static readonly TrainingTask _task = TaskCatalog.Analytic.Named("Pendulum");

    // The same environment without its state: only seeds and actions put it back.
    private static readonly TrainingTask _stateless = _task with { Create = () => new Stateless(_task.Create()) };

    private BookKeeper _books = new();

    [SetUp]
    public void BeginBooks() => _books = new BookKeeper();

    [Test]
    public void Environments_side_by_side_give_the_same_transitions_for_any_number_of_collectors([Values(1, 2, 3)] int nodes)
    {
        var collectors = new FakeCollectors(nodes);
        var environments = Enumerable.Range(0, 4).Select(_ => Remote(collectors, _task)).ToArray();
        var given = environments.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select((environment, index) => Transitions(environment, index)).ToArray();
        for (var index = 0; index < environments.Length; index++)
        {
            Assert.That(given[index], Is.EqualTo(Transitions(_task.Create(), index)), $"environment {index}");
            environments[index].Dispose();
        }

        AssertBooks(4 * Calls, handOvers: 0, replayed: 0);
    }

    [Test]
    public void A_collector_that_is_killed_in_an_episode_is_replaced_and_nothing_is_lost_or_counted_twice([Values] bool hasState)
    {
        var killed = new List<string>();
        var collectors = new FakeCollectors(3)
        {
            // In the middle of the first episode, and of the third, where another one has it.
            Faults = (node, move) => (killed.Count, move) is (0, 31) or (1, > 120) && Add(killed, node) ? Fault.Killed : Fault.None,
        };
        Assert.That(Transitions(Remote(collectors, hasState ? _task : _stateless), 7), Is.EqualTo(Transitions(_task.Create(), 7)));
        // Since the reset, or since the last state.
        AssertBooks(Calls, handOvers: 2, replayed: hasState ? 13 + 1 : 30 + 18);
    }

    [Test]
    public void A_move_whose_answer_is_lost_is_asked_for_again_and_done_once()
    {
        var lost = 0;
        var collectors = new FakeCollectors(2) { Faults = (_, move) => move % 10 == 3 && lost++ % 2 == 0 ? Fault.AnswerLost : Fault.None };
        Assert.That(Transitions(Remote(collectors, _task), 7), Is.EqualTo(Transitions(_task.Create(), 7)));
        Assert.That(collectors.Found, Is.EqualTo(1), "the same collector goes on");
        AssertBooks(Calls, handOvers: 0, replayed: 0);
    }

    [Test]
    public void An_answer_of_an_old_epoch_is_dropped_and_counted()
    {
        var late = 0;
        var collectors = new FakeCollectors(2) { Faults = (_, move) => move == 20 && late++ == 0 ? Fault.AnswerLate : Fault.None };
        Assert.That(Transitions(Remote(collectors, _task), 7), Is.EqualTo(Transitions(_task.Create(), 7)));
        Assert.That(() => _books.Books.Dropped, Is.EqualTo(1).After(3000, 20));
        AssertBooks(Calls, handOvers: 1, replayed: 2);
    }

    [Test]
    public async Task A_call_of_an_old_epoch_is_refused()
    {
        var desk = new CollectorDesk(order => order.Make(TaskCatalog.Analytic), new CollectorSeats(1), TimeSpan.FromSeconds(10), TimeProvider.System);
        var log = new SimulatorLog(0, null, [new SimulatorMove(1, null)]);
        var call = new CollectorCall(2, 1, null, log, WantsState: false) { Order = SimulatorOrder.Of(_task) };
        Assert.That((await desk.CallAsync(call)).Standing, Is.EqualTo(CollectorStanding.Answered));
        Assert.That((await desk.CallAsync(call with { Epoch = 1 })).Standing, Is.EqualTo(CollectorStanding.Old));
    }

    [Test]
    public void A_state_goes_to_another_collector_as_in_an_environment_of_its_own()
    {
        var (remote, own) = ((IStatefulEnvironment)Remote(new FakeCollectors(2), _task), (IStatefulEnvironment)_task.Create());
        var given = new[] { remote, own }.Select(environment =>
        {
            var state = new double[environment.StateSize];
            var before = Transitions(environment, 1, count: 20);
            environment.GetState(state);
            var after = Transitions(environment, 1, count: 5, resets: false);
            environment.SetState(state);
            return before.Concat(after).Concat(Transitions(environment, 1, count: 5, resets: false)).Concat(state).ToArray();
        }).ToArray();
        Assert.That(given[0], Is.EqualTo(given[1]));
        Assert.That(given[0][^(10 * 6 + remote.StateSize)..^(5 * 6 + remote.StateSize)], Is.EqualTo(given[0][^(5 * 6 + remote.StateSize)..^remote.StateSize]));
    }

    [Test]
    public void What_the_environment_throws_comes_out_with_its_words_and_the_next_episode_goes_on()
    {
        var task = TaskCatalog.Analytic.Named("Pendulum") with { Name = "Nowhere" };
        var environment = Remote(new FakeCollectors(1), task);
        Assert.That(() => environment.Reset(1, new double[3]), Throws.InvalidOperationException.With.Message.Contains("RunSpecException").And.Message
            .Contains("Nowhere"));
        Assert.That(_books.Books, Is.EqualTo(new CollectorBooks(1, 0, 1, 0, 0, 0, 0)));
    }

    [Test]
    public void A_step_before_any_reset_is_refused() =>
        Assert.That(() => Remote(new FakeCollectors(1), _task).Step([0], new double[3]), Throws.InvalidOperationException.With.Message.Contains("reset"));

    [Test]
    public void A_run_waits_for_a_collector_until_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource(100);
        var notes = new List<string>();
        var environment = Remote(new FakeCollectors(0), _task, notes, stop.Token);
        Assert.That(() => environment.Reset(1, new double[3]), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(notes, Is.EqualTo(new[] { "No collector has room for Pendulum, and the run waits for one." }));
        Assert.That(_books.Books, Is.EqualTo(new CollectorBooks(1, 0, 0, 1, 0, 0, 0)));
    }

    [Test]
    public void A_collector_has_no_more_simulators_than_seats_and_one_that_is_given_back_makes_room()
    {
        var collectors = new FakeCollectors(1, seats: 1);
        var first = Remote(collectors, _task);
        first.Reset(1, new double[3]);
        using var stop = new CancellationTokenSource(100);
        Assert.That(() => Remote(collectors, _task, stop: stop.Token).Reset(1, new double[3]), Throws.InstanceOf<OperationCanceledException>());
        first.Dispose();
        Assert.That(() => Remote(collectors, _task).Reset(1, new double[3]), Throws.Nothing);
    }

    // Each episode is begun once more by a reset.
    private static int Calls => Steps + ((Steps + Episode - 1) / Episode);

    private void AssertBooks(long calls, long handOvers, long replayed)
    {
        var books = _books.Books;
        Assert.That((books.Asked, books.Delivered, books.HandOvers, books.Replayed), Is.EqualTo((calls, calls, handOvers, replayed)));
        Assert.That(books.Balance);
    }

    private RemoteEnvironment Remote(FakeCollectors collectors, TrainingTask task, List<string>? notes = null, CancellationToken stop = default) =>
        collectors.Create(task, _books, notes is null ? null : notes.Add, stop);

    private static double[] Transitions(IEnvironment environment, int seed, int count = Steps, bool resets = true)
    {
        var (numbers, observation, random) = (new List<double>(), new double[3], new Random(seed));
        for (var step = 0; step < count; step++)
        {
            if (resets && step % Episode == 0)
            {
                environment.Reset(seed + step, observation);
                numbers.AddRange(observation);
            }

            var result = environment.Step([(4 * random.NextDouble()) - 2], observation);
            numbers.AddRange([.. observation, result.Reward, result.Terminated ? 1 : 0, result.Truncated ? 1 : 0]);
        }

        return [.. numbers];
    }

    private static bool Add(List<string> killed, string node)
    {
        killed.Add(node);
        return true;
    }

    private sealed class Stateless(IEnvironment inner) : IEnvironment
    {
        public BoxSpace ObservationSpace => inner.ObservationSpace;

        public BoxSpace ActionSpace => inner.ActionSpace;

        public void Reset(int seed, Span<double> observation) => inner.Reset(seed, observation);

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation) => inner.Step(action, observation);
    }
}
