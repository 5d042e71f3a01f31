namespace MbpoML.Orleans.Hosting;

/// <summary>
/// What becomes of a silo that the others took for dead, as after a long stop of its process: it begins anew, where Orleans would end the process.
/// </summary>
internal sealed class FatalErrors : IFatalErrorHandler
{
    private readonly TaskCompletionSource<string> _fatal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the silo cannot go on, with the reason.</summary>
    public Task<string> Occurred => _fatal.Task;

    /// <inheritdoc/>
    public bool IsUnexpected(Exception exception) => exception is not (OperationCanceledException or ObjectDisposedException);

    /// <inheritdoc/>
    public void OnFatalException(object? sender, string? context, Exception? exception) =>
        _fatal.TrySetResult(exception?.Message ?? context ?? "It did not say why.");
}
