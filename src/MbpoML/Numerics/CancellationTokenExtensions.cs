namespace MbpoML.Numerics;

/// <summary>Tells a cancellation that was asked for from one that is somebody's fault.</summary>
internal static class CancellationTokenExtensions
{
    /// <summary>
    /// Whether an exception is the answer to this token. A cancellation that comes while nobody has asked for one, such as the timeout of an HttpClient, is a
    /// fault of what threw it.
    /// </summary>
    /// <param name="token">The token of whoever may ask.</param>
    /// <param name="exception">What was thrown: a cancellation, or something that has one among its causes.</param>
    public static bool Caused(this CancellationToken token, Exception exception)
    {
        if (!token.IsCancellationRequested) return false;
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            if (cause is OperationCanceledException) return true;
        return false;
    }
}
