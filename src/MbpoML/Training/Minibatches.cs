using MbpoML.Data;
using MbpoML.Training.Checkpoints;
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
    // From which the minibatches at hand were drawn: a stopped run draws them again rather than keep them.
    private Tensor _generatorBefore;
    private int _gathered;
    private int _given;

    public Minibatches(MbpoTrainer.Options options, ReplayPool realPool, ReplayPool modelPool, Generator generator)
    {
        (_realPool, _modelPool, _generator) = (realPool, modelPool, generator);
        (_realRows, _imaginedRows) = (options.RealRowsPerBatch, options.ImaginedRowsPerBatch);
        _memory = zeros(Math.Clamp(options.UpdatesPerStep, 1, MostAtOnce), options.BatchSize, realPool.Layout.Width, device: realPool.Device).DetachFromDisposeScope();
        _batches = [.. Enumerable.Range(0, (int)_memory.size(0)).Select(update => _memory.select(0, update).DetachFromDisposeScope())];
        _generatorBefore = generator.get_state().DetachFromDisposeScope();
    }

    /// <summary>Whether they hold imagined rows.</summary>
    public bool UsesImagined => _imaginedRows > 0;

    /// <summary>The minibatch of the next update.</summary>
    /// <param name="updates">The updates that are still to come until the pools change, this one included, at least 1.</param>
    /// <returns>[batch, width], valid until the next call.</returns>
    public Tensor Next(int updates)
    {
        if (_given == _gathered) Gather(Math.Min(updates, _batches.Length));
        return _batches[_given++];
    }

    /// <summary>Writes which minibatches are at hand; they themselves are drawn again from the pools.</summary>
    public void Save(CheckpointWriter writer)
    {
        var isDone = _given == _gathered;
        writer.Add("minibatches/at-hand", isDone ? 0 : _gathered, isDone ? 0 : _given);
        using var now = _generator.get_state();
        writer.Add("minibatches/random", isDone ? now : _generatorBefore);
    }

    /// <summary>Draws the minibatches that were at hand. The pools must be what they were.</summary>
    public void Restore(CheckpointReader reader)
    {
        var (gathered, given) = reader.Integers("minibatches/at-hand") is [var first, var second] ? (first, second) : (-1, 0);
        if (gathered < 0 || gathered > _batches.Length || given < 0 || given > gathered)
            throw reader.Damaged(Invariant($"{given} of {gathered} minibatches are used"));
        reader.Restore("minibatches/random", _generator);
        (_gathered, _given) = (0, 0);
        if (given == gathered) return;
        Gather((int)gathered);
        _given = (int)given;
    }

    public void Dispose()
    {
        foreach (var batch in _batches) batch.Dispose();
        _memory.Dispose();
        _generatorBefore.Dispose();
    }

    private void Gather(int count)
    {
        _generatorBefore.Dispose();
        _generatorBefore = _generator.get_state().DetachFromDisposeScope();
        using var batches = _memory.narrow(0, 0, count);
        if (_realRows > 0) _realPool.SampleInto(batches, 0, _realRows, _generator);
        if (_imaginedRows > 0) _modelPool.SampleInto(batches, _realRows, _imaginedRows, _generator);
        (_gathered, _given) = (count, 0);
    }
}
