using System.Runtime.InteropServices;

namespace MbpoML.Training.Watches;

/// <summary>
/// A cancellation token for Ctrl+C, for the signal by which systems ask a process to end (SIGTERM), and for a terminal that is closed (SIGHUP). With it a run
/// writes its last checkpoint before it ends.
/// </summary>
/// <remarks>
/// While it lives, the first such signal cancels the token instead of ending the process; a second one ends it as usual. A signal that the process was started
/// to ignore, as <c>nohup</c> does with SIGHUP, stays ignored. Give the token as <see cref="TrainingOptions.CancellationToken"/>. A web host or a service has a
/// token of its own (stoppingToken) and needs none of this.
/// </remarks>
public sealed class TerminationSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Begins to listen for the signals.</summary>
    public TerminationSignals() =>
        _registrations =
            [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Handle))];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Stops listening: signals end the process again.</summary>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested) return;
        context.Cancel = true;
        _source.Cancel();
    }
}
