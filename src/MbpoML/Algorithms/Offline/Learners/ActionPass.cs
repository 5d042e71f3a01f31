using System.Numerics.Tensors;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;

namespace MbpoML.Algorithms.Offline.Learners;

/// <summary>A minibatch on its way through an actor without randomness, whose actions tanh brings into (-1, 1): forwards, and backwards.</summary>
/// <param name="network">The actor; stays the caller's.</param>
/// <param name="rows">Rows of a minibatch.</param>
internal sealed class ActionPass(TrainedNetwork network, int rows) : IDisposable
{
    private readonly NetworkPass _pass = new(network.Shape, rows);

    /// <summary>[batch, action], row-major: what the last forward pass gave.</summary>
    public float[] Actions { get; } = new float[rows * network.Shape.Outputs];

    /// <summary>The actions of a minibatch.</summary>
    /// <param name="observations">[batch, observation]</param>
    /// <param name="ofTarget">Whether the slow copy is asked.</param>
    public void Forward(Matrix observations, bool ofTarget = false)
    {
        var views = ofTarget ? network.TargetViews : network.Views;
        _pass.Forward(views, observations);
        var biases = views.Biases(network.Shape.Layers - 1);
        var output = _pass.Output.Values;
        var size = network.Shape.Outputs;
        for (var place = 0; place < Actions.Length; place += size) TensorPrimitives.Add(output.Slice(place, size), biases, Actions.AsSpan(place, size));
        TensorPrimitives.Tanh(Actions, Actions);
    }

    /// <summary>The gradient of the weights, after a forward pass that asked the actor itself.</summary>
    /// <param name="observations">As in the forward pass.</param>
    /// <param name="actionDelta">The derivative of the loss by each action, [batch, action].</param>
    public void Backward(Matrix observations, ReadOnlySpan<float> actionDelta)
    {
        var output = _pass.Output.Values;
        var size = network.Shape.Outputs;
        var biases = network.Gradient.Biases(network.Shape.Layers - 1);
        biases.Clear();
        for (var index = 0; index < Actions.Length; index++)
        {
            var delta = actionDelta[index] * (1 - (Actions[index] * Actions[index]));
            output[index] = delta;
            biases[index % size] += delta;
        }

        _pass.Backward(network.Views, network.Gradient, observations);
    }

    public void Dispose() => _pass.Dispose();
}
