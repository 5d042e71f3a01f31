using MbpoML.Data;
using static TorchSharp.torch;

namespace MbpoML.Training;

/// <summary>Puts together the minibatches of the policy updates: a few real rows, the rest imagined (official _training_batch).</summary>
/// <remarks>Those of the updates of one step are gathered together, into one buffer that is used again.</remarks>
internal sealed class Minibatches : IDisposable
{
    /// <summary>At most so many minibatches are gathered at once: more would gain nothing and fall out of the processor's cache before they are used.</summary>
    public const int MostAtOnce = 64;

    private readonly ReplayPool _realPool;
    private readonly ReplayPool _modelPool;
    private readonly Generator _generator;
    private readonly int _realRows;
    private readonly int _imaginedRows;
    private readonly Tensor _memory;
    private readonly Tensor[] _batches;

    public Minibatches(MbpoTrainer.Options options, ReplayPool realPool, ReplayPool modelPool, Generator generator)
    {
        (_realPool, _modelPool, _generator) = (realPool, modelPool, generator);
        (_realRows, _imaginedRows) = (options.RealRowsPerBatch, options.BatchSize - options.RealRowsPerBatch);
        _memory = zeros(Math.Clamp(options.UpdatesPerStep, 1, MostAtOnce), options.BatchSize, realPool.Layout.Width, device: realPool.Device).DetachFromDisposeScope();
        _batches = [.. Enumerable.Range(0, (int)_memory.size(0)).Select(update => _memory.select(0, update).DetachFromDisposeScope())];
    }

    /// <summary>Fresh minibatches for the next updates, or for the first of them where they are many.</summary>
    /// <param name="updates">The updates to come, at least 1.</param>
    /// <returns>At least one minibatch and at most one for each update, [batch, width] each, valid until the next call.</returns>
    public ReadOnlySpan<Tensor> Next(int updates)
    {
        var count = Math.Min(updates, _batches.Length);
        using var batches = _memory.narrow(0, 0, count);
        if (_realRows > 0) _realPool.SampleInto(batches, 0, _realRows, _generator);
        if (_imaginedRows > 0) _modelPool.SampleInto(batches, _realRows, _imaginedRows, _generator);
        return _batches.AsSpan(0, count);
    }

    public void Dispose()
    {
        foreach (var batch in _batches) batch.Dispose();
        _memory.Dispose();
    }
}
