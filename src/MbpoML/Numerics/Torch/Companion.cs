using System.Runtime.ExceptionServices;

namespace MbpoML.Numerics.Torch;

/// <summary>
/// A second thread that takes the second half of each phase and sleeps in between; without it both halves run one after the other. Torch uses one thread in
/// each half.
/// </summary>
internal sealed class Companion : IDisposable
{
    private readonly WorkerThread? _thread;
    // Made once: a closure a phase would be garbage a phase.
    private readonly Action _first, _second, _both;
    private Action<int> _phase = _ => { };

    /// <param name="threads">1: the calling thread alone; 2: one more.</param>
    public Companion(int threads)
    {
        (_first, _second) = (() => _phase(0), () => _phase(1));
        _both = () =>
        {
            _phase(0);
            _phase(1);
        };
        if (threads == 1) return;
        _thread = new WorkerThread("MbpoML worker");
        _thread.Run(() => TorchThreads.Set(1));
    }

    /// <summary>Runs phase(0) and phase(1) and returns when both are done.</summary>
    public void Run(Action<int> phase)
    {
        _phase = phase;
        if (_thread is null)
        {
            OneTorchThread.Run(_both);
            return;
        }

        _thread.Begin(_second);
        Exception? failure;
        try
        {
            OneTorchThread.Run(_first);
        }
        finally
        {
            _thread.Wait();
            failure = _thread.TakeFailure();
        }

        if (failure is not null) ExceptionDispatchInfo.Throw(failure);
    }

    public void Dispose() => _thread?.Dispose();
}
