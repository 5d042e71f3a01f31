using MbpoML.Data;
using static TorchSharp.torch;

namespace MbpoML.Training;

/// <summary>Puts together the minibatches of the policy updates: a few real rows, the rest imagined (official _training_batch), into one buffer that is used again.</summary>
internal sealed class Minibatches : IDisposable
{
    private readonly ReplayPool _realPool;
    private readonly ReplayPool _modelPool;
    private readonly Generator _generator;
    private readonly Tensor _batch;
    private readonly Tensor? _real;
    private readonly Tensor? _imagined;

    public Minibatches(MbpoTrainer.Options options, ReplayPool realPool, ReplayPool modelPool, Generator generator)
    {
        (_realPool, _modelPool, _generator) = (realPool, modelPool, generator);
        _batch = zeros(options.BatchSize, realPool.Layout.Width, device: realPool.Device).DetachFromDisposeScope();
        var real = options.RealRowsPerBatch;
        _real = real > 0 ? _batch.narrow(0, 0, real).DetachFromDisposeScope() : null;
        _imagined = real < options.BatchSize ? _batch.narrow(0, real, options.BatchSize - real).DetachFromDisposeScope() : null;
    }

    /// <summary>A fresh minibatch, [batch, width], valid until the next call.</summary>
    public Tensor Next()
    {
        if (_real is not null) _realPool.SampleInto(_real, _generator);
        if (_imagined is not null) _modelPool.SampleInto(_imagined, _generator);
        return _batch;
    }

    public void Dispose()
    {
        _real?.Dispose();
        _imagined?.Dispose();
        _batch.Dispose();
    }
}
