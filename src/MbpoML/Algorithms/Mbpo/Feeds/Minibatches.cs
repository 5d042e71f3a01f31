using MbpoML.Data.Replay;
using MbpoML.Numerics.Random;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Mbpo.Feeds;

/// <summary>Puts together the minibatches of the policy updates: a few real rows, the rest imagined (official _training_batch).</summary>
/// <remarks>Those of the updates of one step are gathered together, into one buffer that is used again.</remarks>
internal sealed class Minibatches : ISaved, IDisposable
{
    /// <summary>At most so many minibatches are gathered at once: more would gain nothing and fall out of the processor's cache before they are used.</summary>
    public const int MostAtOnce = 64;

    private const string AtHand = "at-hand", Random = "random";

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

    /// <param name="settings">How many rows of each pool a minibatch has, and how many minibatches a step.</param>
    /// <param name="realPool">D_env</param>
    /// <param name="modelPool">D_model</param>
    /// <param name="seed">Decides the rows.</param>
    public Minibatches(MbpoSettings settings, ReplayPool realPool, ReplayPool modelPool, int seed)
        : this(settings.RealRows, settings.ImaginedRows, settings.UpdatesPerStep, realPool, modelPool, seed)
    {
    }

    /// <param name="realRows">Real rows of a minibatch.</param>
    /// <param name="imaginedRows">Imagined rows of a minibatch, which stand behind the real ones.</param>
    /// <param name="updates">Updates between two changes of the pools.</param>
    /// <param name="realPool">D_env</param>
    /// <param name="modelPool">D_model</param>
    /// <param name="seed">Decides the rows.</param>
    public Minibatches(int realRows, int imaginedRows, int updates, ReplayPool realPool, ReplayPool modelPool, int seed)
    {
        (_realPool, _modelPool, _generator) = (realPool, modelPool, new Generator((ulong)Seeds.Derive(seed, "minibatches"), CPU));
        (_realRows, _imaginedRows) = (realRows, imaginedRows);
        _memory = zeros(Math.Clamp(updates, 1, MostAtOnce), realRows + imaginedRows, realPool.Layout.Width, device: realPool.Device).DetachFromDisposeScope();
        _batches = [.. Enumerable.Range(0, (int)_memory.size(0)).Select(update => _memory.select(0, update).DetachFromDisposeScope())];
        _generatorBefore = _generator.get_state().DetachFromDisposeScope();
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

    public string Name => "minibatches";

    /// <summary>Writes which minibatches are at hand; they themselves are drawn again from the pools.</summary>
    public void Save(IStateWriter to)
    {
        var isDone = _given == _gathered;
        to.Add(AtHand, isDone ? 0 : _gathered, isDone ? 0 : _given);
        using var scope = NewDisposeScope();
        var now = _generator.get_state();
        to.Add(Random, isDone ? now : _generatorBefore);
    }

    public void Restore(IStateReader from)
    {
        (_gathered, _given) = (0, 0);
        SavedPart.Restore(from, Random, _generator);
    }

    /// <summary>Draws the minibatches that were at hand: the pools are what they were.</summary>
    public void Restored(IStateReader from)
    {
        var (gathered, given) = from.Integers(AtHand) is [var first, var second] ? (first, second) : (-1, 0);
        if (gathered < 0 || gathered > _batches.Length || given < 0 || given > gathered)
            throw from.Damaged(Invariant($"{given} of {gathered} minibatches are used"));
        if (given == gathered) return;
        Gather((int)gathered);
        _given = (int)given;
    }

    public void Dispose()
    {
        foreach (var batch in _batches) batch.Dispose();
        _memory.Dispose();
        _generatorBefore.Dispose();
        _generator.Dispose();
    }

    private void Gather(int count)
    {
        using var scope = NewDisposeScope();
        _generatorBefore.Dispose();
        _generatorBefore = _generator.get_state().DetachFromDisposeScope();
        var batches = _memory.narrow(0, 0, count);
        if (_realRows > 0) _realPool.SampleInto(batches, 0, _realRows, _generator);
        if (_imaginedRows > 0) _modelPool.SampleInto(batches, _realRows, _imaginedRows, _generator);
        (_gathered, _given) = (count, 0);
    }
}
