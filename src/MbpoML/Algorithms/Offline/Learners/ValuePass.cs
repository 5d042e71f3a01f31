using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;

namespace MbpoML.Algorithms.Offline.Learners;

/// <summary>A minibatch on its way through a network of one value: forwards, and backwards to the weights or to the actions.</summary>
/// <param name="network">Learns; stays the caller's.</param>
/// <param name="rows">Rows of a minibatch.</param>
internal sealed class ValuePass(TrainedNetwork network, int rows) : IDisposable
{
    private readonly NetworkPass _pass = new(network.Shape, rows);

    /// <summary>[batch]: what the last forward pass gave.</summary>
    public float[] Values { get; } = new float[rows];

    /// <summary>The values of a minibatch.</summary>
    /// <param name="input">[batch, in]</param>
    /// <param name="ofTarget">Whether the slow copy is asked.</param>
    public void Forward(Matrix input, bool ofTarget = false) => _pass.ForwardValues(ofTarget ? network.TargetViews : network.Views, input, Values);

    /// <summary>The gradient of the weights, after a forward pass that asked the network itself.</summary>
    /// <param name="input">As in the forward pass.</param>
    /// <param name="delta">The derivative of the loss by each value, [batch].</param>
    public void Backward(Matrix input, ReadOnlySpan<float> delta)
    {
        var sum = 0f;
        foreach (var value in delta) sum += value;
        network.Gradient.Biases(network.Shape.Layers - 1)[0] = sum;
        _pass.BackwardValues(network.Views, network.Gradient, input, delta);
    }

    /// <summary>The derivative of the loss by the actions, after a forward pass that asked the network itself.</summary>
    /// <param name="delta">The derivative of the loss by each value, [batch].</param>
    /// <param name="actionWeights">The rows of the first layer's weights that belong to the actions: [action, hidden].</param>
    /// <param name="actionDelta">[batch, action]</param>
    public void BackwardToActions(ReadOnlySpan<float> delta, Matrix actionWeights, Matrix actionDelta)
    {
        _pass.BackwardValues(network.Views, delta);
        _pass.SetInputGradient(actionWeights, actionDelta);
    }

    public void Dispose() => _pass.Dispose();
}
