using MbpoML.Data.Replay;
using MbpoML.Imagination;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Mbpo;

/// <summary>What rollouts change, as it was before them, so that rollouts that were stopped leave no trace.</summary>
internal sealed class RolloutsBefore : IDisposable
{
    private readonly Generator _generator;
    private readonly ReplayPool _pool;
    private readonly ISaved? _rule;
    private readonly Tensor _random;
    private readonly PoolMark _mark;
    private readonly StateMemory? _memory;

    /// <param name="generator">Draws the rollouts.</param>
    /// <param name="pool">Receives them.</param>
    /// <param name="rule">May remember.</param>
    public RolloutsBefore(Generator generator, ReplayPool pool, IRolloutRule? rule)
    {
        using var scope = NewDisposeScope();
        (_generator, _pool, _rule) = (generator, pool, rule as ISaved);
        (_random, _mark) = (generator.get_state().DetachFromDisposeScope(), pool.Mark());
        if (_rule is not null) _memory = StateMemory.Of(_rule);
    }

    /// <summary>Takes everything back.</summary>
    public void TakeBack()
    {
        _generator.set_state(_random);
        _pool.TakeBackTo(_mark);
        _memory?.RestoreTo(_rule!);
    }

    public void Dispose()
    {
        _random.Dispose();
        _memory?.Dispose();
    }
}
