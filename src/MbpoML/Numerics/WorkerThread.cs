using System.Runtime.ExceptionServices;

namespace MbpoML.Numerics;

/// <summary>A thread that does one piece of work after another for one caller at a time, and sleeps in between. It keeps no process alive.</summary>
internal sealed class WorkerThread : IDisposable
{
    private readonly SemaphoreSlim _begun = new(0), _done = new(0);
    private readonly Thread _thread;
    // Null ends the thread.
    private Action? _work;
    private Action? _last;
    private Exception? _failure;

    /// <param name="name">The thread's name.</param>
    public WorkerThread(string name)
    {
        _thread = new Thread(Work) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Begins a piece of work; the one before must have been waited for.</summary>
    public void Begin(Action work)
    {
        _work = work;
        _begun.Release();
    }

    /// <summary>Waits for the work that was begun; what it threw is left to <see cref="TakeFailure"/>.</summary>
    /// <param name="timeout">The longest to wait; null: as long as it takes.</param>
    /// <returns>False where it is not done yet: it has to be waited for once more.</returns>
    public bool Wait(TimeSpan? timeout = null) => _done.Wait(timeout ?? Timeout.InfiniteTimeSpan);

    /// <summary>What the work that was waited for threw, once.</summary>
    public Exception? TakeFailure()
    {
        var failure = _failure;
        _failure = null;
        return failure;
    }

    /// <summary>Does a piece of work, waits for it, and throws what it threw.</summary>
    public void Run(Action work)
    {
        Begin(work);
        Wait();
        if (TakeFailure() is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Ends the thread as soon as the work under way is done, if it ever is, without waiting for that.</summary>
    /// <param name="last">What is done before the end; nobody is told what it throws.</param>
    public void Abandon(Action last)
    {
        _last = last;
        End();
    }

    /// <summary>Ends the thread. No work may be under way.</summary>
    public void Dispose()
    {
        End();
        _thread.Join();
        _begun.Dispose();
        _done.Dispose();
    }

    private void End()
    {
        _work = null;
        _begun.Release();
    }

    private void Work()
    {
        for (_begun.Wait(); _work is { } work; _begun.Wait())
        {
            Try(work);
            _done.Release();
        }

        if (_last is { } last) Try(last);
    }

    private void Try(Action work)
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
