using MbpoML.Numerics;
using TorchSharp;
using TorchSharp.Modules;

namespace MbpoML.Training.Metrics;

/// <summary>Writes metrics as TensorBoard events; <c>tensorboard --logdir folder</c> draws them.</summary>
/// <remarks>TensorBoard stores values as float32 and steps as 32-bit integers. Each event is on its way to disk when <see cref="Write"/> returns: the file is not held open.</remarks>
public sealed class TensorBoardMetricsWriter : IMetricsWriter
{
    private readonly SummaryWriter _events;
    private bool _disposed;

    /// <summary>Starts a new event file in a folder; makes the folder where it is missing.</summary>
    /// <param name="folder">The folder of one run. A resumed run adds another event file to it, which TensorBoard joins to the first.</param>
    /// <exception cref="ArgumentException">The folder's name is empty.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public TensorBoardMetricsWriter(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        // The events carry checksums that native code of torch computes.
        TorchRuntime.EnsureAvailable();
        Directory.CreateDirectory(folder);
        _events = torch.utils.tensorboard.SummaryWriter(folder, createRunName: false);
    }

    /// <inheritdoc/>
    public void Write(long step, IReadOnlyDictionary<string, double> metrics)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check.Within(0, int.MaxValue, step);
        ArgumentNullException.ThrowIfNull(metrics);
        foreach (var (name, value) in metrics) _events.add_scalar(name, (float)value, (int)step);
    }

    /// <inheritdoc/>
    /// <remarks>Nothing waits: each event was written and its file closed.</remarks>
    public void Flush() => ObjectDisposedException.ThrowIf(_disposed, this);

    /// <inheritdoc/>
    /// <remarks>Nothing is held between two events; what comes later is refused.</remarks>
    public void Dispose() => _disposed = true;
}
