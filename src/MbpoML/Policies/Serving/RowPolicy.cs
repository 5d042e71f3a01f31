using System.Runtime.InteropServices;
using MbpoML.Numerics;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Policies;

/// <summary>What a policy does to the rows of a data view: the network, and the noise where the policy is stochastic. Safe for concurrent use.</summary>
internal sealed class RowPolicy(ActorNetwork network, ActionNoise? noise)
{
    public int ObservationSize => network.Parameters.ObservationSize;

    public int ActionSize => network.Parameters.ActionSpace.Size;

    /// <summary>Computes the actions of a block of rows in one pass through torch. A block is so small that its threads would wait for each other rather than help.</summary>
    /// <param name="rows">The number of rows in use.</param>
    /// <param name="observations">Row-major, at least rows times n.</param>
    /// <param name="ids">The rows' ids, at least that many.</param>
    /// <param name="actions">Receives rows times m numbers.</param>
    public void Evaluate(int rows, float[] observations, DataViewRowId[] ids, float[] actions) => OneTorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        var observation = frombuffer(observations, ScalarType.Float32, (long)rows * ObservationSize).view(rows, ObservationSize);
        var action = noise is null ? network.Act(observation) : network.Draw(observation, Noise(noise, ids.AsSpan(0, rows)));
        MemoryMarshal.Cast<byte, float>(action.bytes).CopyTo(actions);
    });

    /// <summary>Computes the action of one row.</summary>
    public void Evaluate(ReadOnlySpan<float> observation, DataViewRowId id, Span<float> action)
    {
        Span<float> drawn = noise is null ? [] : stackalloc float[ActionSize];
        noise?.Fill(id, drawn);
        network.Act(observation, drawn, action);
    }

    private Tensor Noise(ActionNoise source, ReadOnlySpan<DataViewRowId> ids)
    {
        var values = new float[ids.Length * ActionSize];
        for (var row = 0; row < ids.Length; row++) source.Fill(ids[row], values.AsSpan(row * ActionSize, ActionSize));
        return tensor(values, [ids.Length, ActionSize]);
    }
}
