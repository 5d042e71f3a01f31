using System.Runtime.ExceptionServices;
using MbpoML.Numerics.Torch;

namespace MbpoML.Training;

/// <summary>The work of a stage, begun at one point of the run and waited for at a later one; what it throws comes out there.</summary>
/// <param name="work">One piece of work, the same each time.</param>
/// <param name="name">The thread's name.</param>
/// <param name="beside">True: on a thread of its own. False: at once, on the calling thread, when it is begun; the results are the same.</param>
internal sealed class BackgroundStage(Action work, string name, bool beside) : IDisposable
{
    private readonly SemaphoreSlim _begun = new(0), _ended = new(0);
    private Thread? _thread;
    private Exception? _failure;
    private bool _stopping;
    private bool _settled;

    /// <summary>Whether work was begun that nobody waited for yet.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Begins a piece of work; the one before must have been waited for.</summary>
    public void Begin()
    {
        if (IsUnderWay) throw new InvalidOperationException($"{name}: the work begun before was not waited for.");
        IsUnderWay = true;
        if (!beside)
        {
            Run();
            return;
        }
        if (_thread is null)
        {
            _thread = new Thread(RunBeside) { IsBackground = true, Name = name };
            _thread.Start();
        }
        _begun.Release();
    }

    /// <summary>Waits for the work that was begun, and throws what it threw.</summary>
    public void End()
    {
        Wait();
        if (Interlocked.Exchange(ref _failure, null) is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Waits for the work that was begun and forgets what became of it.</summary>
    public void Discard()
    {
        Wait();
        _failure = null;
    }

    /// <summary>Waits until the work that was begun is done, and leaves its end, with what it may throw, to <see cref="End"/>.</summary>
    /// <returns>Whether it went well.</returns>
    public bool Settle()
    {
        if (IsUnderWay && beside && !_settled)
        {
            _ended.Wait();
            _settled = true;
        }

        return Volatile.Read(ref _failure) is null;
    }

    /// <summary>Waits for what is under way, whatever becomes of it.</summary>
    public void Dispose()
    {
        Wait();
        _stopping = true;
        _begun.Release();
        _thread?.Join();
        _begun.Dispose();
        _ended.Dispose();
    }

    private void Wait()
    {
        Settle();
        (IsUnderWay, _settled) = (false, false);
    }

    private void RunBeside()
    {
        // This thread shares the cores with the policy updates.
        TorchThreads.Set(1);
        for (_begun.Wait(); !_stopping; _begun.Wait())
        {
            Run();
            _ended.Release();
        }
    }

    private void Run()
    {
        try
        {
            work();
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
    }
}
