using System.Runtime.ExceptionServices;

namespace MbpoML.Mujoco.Native;

/// <summary>
/// A thread for native calls that may end in one of MuJoCo's fatal errors, after which they must not return: the thread is then left behind, and the caller
/// gets an exception.
/// </summary>
internal sealed class GuardedThread : IDisposable
{
    // MuJoCo reads nested elements by recursion.
    private const int StackSize = 64 * 1024 * 1024;

    [ThreadStatic]
    private static GuardedThread? _current;

    // Nobody releases it.
    private static readonly SemaphoreSlim _never = new(0);
    private readonly SemaphoreSlim _start = new(0), _done = new(0);
    private readonly Thread _thread;
    private Action? _work;
    private Exception? _failure;
    private string? _fatal;
    private bool _disposed;

    public GuardedThread()
    {
        _thread = new Thread(Work, StackSize) { IsBackground = true, Name = "MbpoML MuJoCo" };
        _thread.Start();
    }

    /// <summary>Whether a fatal error has ended the thread; what it worked on must not be touched any more.</summary>
    public bool IsLost => _fatal is not null;

    /// <summary>Runs some work on a thread of its own.</summary>
    /// <exception cref="MujocoException">It ended in a fatal error.</exception>
    public static T Call<T>(Func<T> work)
    {
        using var thread = new GuardedThread();
        T result = default!;
        thread.Run(() => result = work());
        return result;
    }

    /// <summary>Runs some work and waits for it.</summary>
    /// <exception cref="MujocoException">It ended in a fatal error, now or before.</exception>
    public void Run(Action work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (IsLost) throw Fatal();
        _work = work;
        _start.Release();
        _done.Wait();
        if (IsLost) throw Fatal();
        if (_failure is not { } failure) return;
        _failure = null;
        ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Called from inside a native call: where the calling thread is a guarded one it never returns.</summary>
    public static void EndCurrent(string message)
    {
        if (_current is not { } thread) return;
        thread._fatal = message;
        thread._done.Release();
        // The native caller must never go on.
        _never.Wait();
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (IsLost) return;
        _work = null;
        _start.Release();
        _thread.Join();
        _start.Dispose();
        _done.Dispose();
    }

    private void Work()
    {
        _current = this;
        for (_start.Wait(); _work is { } work; _start.Wait())
        {
            try
            {
                work();
            }
            catch (Exception exception)
            {
                _failure = exception;
            }

            _done.Release();
        }
    }

    private MujocoException Fatal() =>
        new($"MuJoCo met an error that it does not survive: {_fatal}. The environment cannot be used any more; make another one, and correct its model first.");
}
