using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace MbpoML.Numerics;

/// <summary>A second thread that takes the second half of each phase and sleeps in between; without it both halves run one after the other.</summary>
internal sealed class Companion : IDisposable
{
    private readonly SemaphoreSlim _start = new(0), _done = new(0);
    private readonly Thread? _thread;
    private Action<int>? _phase;
    private Exception? _failure;

    /// <param name="threads">1: the calling thread alone; 2: one more.</param>
    public Companion(int threads)
    {
        if (threads == 1) return;
        _thread = new Thread(Work) { IsBackground = true, Name = "MbpoML worker" };
        _thread.Start();
    }

    /// <summary>Runs phase(0) and phase(1) and returns when both are done.</summary>
    public void Run(Action<int> phase)
    {
        if (_thread is null)
        {
            phase(0);
            phase(1);
            return;
        }
        _phase = phase;
        _start.Release();
        try
        {
            phase(0);
        }
        finally
        {
            _done.Wait();
        }
        if (Interlocked.Exchange(ref _failure, null) is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    public void Dispose()
    {
        if (_thread is not null)
        {
            _phase = null;
            _start.Release();
            _thread.Join();
        }
        _start.Dispose();
        _done.Dispose();
    }

    private void Work()
    {
        // The number counts for the calling thread: this one is its core's only user.
        set_num_threads(1);
        for (_start.Wait(); _phase is { } phase; _start.Wait())
        {
            try
            {
                phase(1);
            }
            catch (Exception exception)
            {
                _failure = exception;
            }
            _done.Release();
        }
    }
}
