using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;

namespace MbpoML.Policies.SoftActorCritic.Fused;

/// <summary>How -mean min Q changes with the actions through one critic, worked out for the rows in which that critic gives the minimum.</summary>
/// <remarks>
/// The derivative of all other rows is zero. With most pairs of critics these are half of the rows. So the deltas of the chosen rows stand together at the
/// front, and the matrix products take only these. Their number is rounded up to an eighth of the batch, so that a few views are enough.
/// </remarks>
internal sealed class MinimumRows : IDisposable
{
    private const int Parts = 8;

    private readonly NetworkPass _pass;
    private readonly Matrix _actionDelta;
    private readonly (NetworkPass Pass, Matrix ActionDelta)[] _front;
    private readonly int[] _rows;
    private readonly float[] _valueDelta;
    private readonly int _part, _actions;

    /// <param name="settings">Sizes.</param>
    /// <param name="pass">The pass of the drawn actions through the critic; the deltas there are overwritten.</param>
    /// <param name="batch">Their rows.</param>
    public MinimumRows(SacSettings settings, NetworkPass pass, int batch)
    {
        (_pass, _part, _actions) = (pass, (batch + Parts - 1) / Parts, settings.Layout.ActionSize);
        _actionDelta = new Matrix(batch, _actions);
        _front = [.. Enumerable.Range(1, (batch + _part - 1) / _part)
            .Select(parts => Math.Min(parts * _part, batch))
            .Select(rows => (pass.Rows(0, rows), _actionDelta.Rows(0, rows)))];
        (_rows, _valueDelta) = (new int[batch], new float[batch]);
    }

    /// <param name="critic">The critic.</param>
    /// <param name="actionWeights">The rows of its first weights that belong to the action: [action, hidden].</param>
    /// <param name="own">Its values: [batch]</param>
    /// <param name="other">The other critic's values: [batch]</param>
    /// <param name="actionDelta">[batch, action]</param>
    public void Backward(LayerViews critic, Matrix actionWeights, ReadOnlySpan<float> own, ReadOnlySpan<float> other, Span<float> actionDelta)
    {
        actionDelta.Clear();
        var count = Choose(own, other);
        if (count == 0) return;
        var rows = _rows.AsSpan(0, count);
        var front = _front[(count - 1) / _part];
        ReluKernels.DotBackwardRows(_valueDelta.AsSpan(0, count), rows, critic.LastWeights, _pass.Last.Output.Values, _pass.Last.Delta.Values);
        for (var layer = _pass.HiddenCount - 1; layer > 0; layer--)
        {
            var below = front.Pass.Hidden(layer - 1).Delta;
            below.SetProduct(front.Pass.Hidden(layer).Delta, critic.Weights(layer).Transposed);
            ReluKernels.MaskRows(below.Values, _pass.Hidden(layer - 1).Output.Values, rows, critic.Biases(layer - 1).Length);
        }
        front.Pass.SetInputGradient(actionWeights, front.ActionDelta);
        var found = _actionDelta.Values;
        for (var index = 0; index < count; index++)
            found.Slice(index * _actions, _actions).CopyTo(actionDelta[(rows[index] * _actions)..]);
    }

    public void Dispose()
    {
        foreach (var (pass, actionDelta) in _front)
        {
            pass.Dispose();
            actionDelta.Dispose();
        }
        _actionDelta.Dispose();
    }

    // Of two equal values each counts half, as in automatic differentiation; a value that is not a number is chosen, so that it stays visible.
    private int Choose(ReadOnlySpan<float> own, ReadOnlySpan<float> other)
    {
        var count = 0;
        for (var row = 0; row < own.Length; row++)
        {
            if (own[row] > other[row]) continue;
            (_rows[count], _valueDelta[count]) = (row, (own[row] < other[row] ? -1f : -0.5f) / own.Length);
            count++;
        }
        return count;
    }
}
