using MbpoML.Data;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Naive;

/// <summary>A replay buffer with one tensor a field, as most libraries have it: a minibatch is five gathers.</summary>
internal sealed class FieldReplay(TransitionLayout layout, Tensor rows) : IDisposable
{
    private readonly Tensor[] _fields =
    [
        layout.Observation(rows).contiguous(),
        layout.Action(rows).contiguous(),
        layout.Reward(rows).contiguous(),
        layout.NextObservation(rows).contiguous(),
        layout.Terminated(rows).contiguous(),
    ];

    public void Sample(int count, Generator generator)
    {
        using var scope = NewDisposeScope();
        var numbers = randint(_fields[0].size(0), [count], ScalarType.Int64, generator: generator);
        foreach (var field in _fields) field.index_select(0, numbers);
    }

    public void Dispose()
    {
        foreach (var field in _fields) field.Dispose();
    }
}
