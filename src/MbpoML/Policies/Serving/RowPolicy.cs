using System.Runtime.InteropServices;
using MbpoML.Numerics.Torch;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Policies.Serving;

/// <summary>What a policy does to the rows of a data view: the network, and the noise where the policy is stochastic. Safe for concurrent use.</summary>
internal sealed class RowPolicy(ServedPolicy network, ActionNoise? noise)
{
    public int ObservationSize => network.ObservationSize;

    public int ActionSize => network.ActionSpace.Size;

    /// <summary>Rows that go through torch together: enough to feed the matrix products, few enough to stay in the cache.</summary>
    public const int PieceRows = 512;

    /// <summary>Computes the actions of rows through torch, in pieces side by side where there are many.</summary>
    /// <param name="rows">The number of rows in use.</param>
    /// <param name="observations">Row-major, at least rows times n.</param>
    /// <param name="ids">The rows' ids, at least that many.</param>
    /// <param name="actions">Receives rows times m numbers.</param>
    // Within a piece torch's threads would wait for each other rather than help, above all where other programs use the cores.
    public void Evaluate(int rows, float[] observations, DataViewRowId[] ids, float[] actions) =>
        OneTorchThread.RunEach((rows + PieceRows - 1) / PieceRows,
            piece => EvaluatePiece(piece * PieceRows, Math.Min(PieceRows, rows - (piece * PieceRows)), observations, ids, actions));

    /// <summary>Computes the action of one row.</summary>
    public void Evaluate(ReadOnlySpan<float> observation, DataViewRowId id, Span<float> action)
    {
        Span<float> drawn = noise is null ? [] : stackalloc float[ActionSize];
        noise?.Fill(id, drawn);
        network.Act(observation, drawn, action);
    }

    private void EvaluatePiece(int start, int rows, float[] observations, DataViewRowId[] ids, float[] actions)
    {
        using var scope = NewDisposeScope();
        var observation = frombuffer(observations, ScalarType.Float32, (long)rows * ObservationSize, (long)start * ObservationSize).view(rows, ObservationSize);
        var action = noise is null ? network.Act(observation) : network.Draw(observation, Noise(noise, ids.AsSpan(start, rows)));
        MemoryMarshal.Cast<byte, float>(action.bytes).CopyTo(actions.AsSpan(start * ActionSize));
    }

    private Tensor Noise(ActionNoise source, ReadOnlySpan<DataViewRowId> ids)
    {
        var values = new float[ids.Length * ActionSize];
        for (var row = 0; row < ids.Length; row++) source.Fill(ids[row], values.AsSpan(row * ActionSize, ActionSize));
        return tensor(values, [ids.Length, ActionSize]);
    }
}
