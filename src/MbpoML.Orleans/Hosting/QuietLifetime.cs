using Microsoft.Extensions.Hosting;

namespace MbpoML.Orleans.Hosting;

/// <summary>Leaves the signals of the process to the program: whoever started a host stops it.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
