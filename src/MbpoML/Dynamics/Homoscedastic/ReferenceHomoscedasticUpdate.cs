using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>
/// The training steps by automatic differentiation, on any device: the truth that <see cref="Fused.FusedHomoscedasticUpdate"/> is tested against.
/// </summary>
/// <param name="state">Trained in place; stays the caller's.</param>
internal sealed class ReferenceHomoscedasticUpdate(HomoscedasticState state) : IHomoscedasticUpdate
{
    private readonly HomoscedasticEnsembleTrainer.Options _options = state.Options;

    public double Run(FitRows rows, StepRange steps, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var sum = zeros([], ScalarType.Float64, state.Network.Flat.device);
        for (var step = steps.First; step < steps.First + steps.Count; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var ofStep = NewDisposeScope();
            sum.AddInPlace(Step(rows, _options.RateFactor(step, steps.Total)));
        }

        return sum.item<double>() / steps.Count / state.Network.MemberCount;
    }

    public void Dispose()
    {
        // Nothing is kept from step to step.
    }

    private Tensor Step(FitRows rows, double factor)
    {
        var minibatch = Draw(rows);
        var (flat, logNoise) = (state.Network.Flat.detach().requires_grad_(), state.Network.LogNoise.detach().requires_grad_());
        var loss = Loss(rows, minibatch, flat, logNoise).sum();
        var gradients = autograd.grad([loss], [flat, logNoise]);
        using var noGradient = no_grad();
        // AdamW: the decay does not pass through the moments (I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019).
        for (var layer = 0; layer < state.Network.Shape.Layers; layer++)
            Layer(layer).MultiplyInPlace(1 - (_options.LearningRate * factor * _options.DecayOf(layer)));
        state.Network.LogNoise.MultiplyInPlace(1 - (_options.NoiseLearningRate * factor * _options.NoiseDecay));
        state.Weights.Step(gradients[0].contiguous().view(-1), factor);
        state.Noise.Step(gradients[1].contiguous().view(-1), factor);
        return loss.detach();
    }

    /// <summary>The loss of each member on a minibatch; differentiable in both parameters.</summary>
    /// <param name="rows">What is learned.</param>
    /// <param name="minibatch">The rows of every member.</param>
    /// <param name="flat">[E, parameters]</param>
    /// <param name="logNoise">[E, outputs]</param>
    /// <returns>[E]</returns>
    internal Tensor Loss(FitRows rows, Minibatch minibatch, Tensor flat, Tensor logNoise)
    {
        var members = state.Network.MemberCount;
        Tensor Of(Tensor values) => values.index_select(0, minibatch.Rows).view(members, _options.BatchSize, -1);
        var mean = state.Network.Shape.Split(flat).Forward(Of(rows.Inputs), BiasAddition.AfterProduct, minibatch.Kept);
        return HomoscedasticLoss.OfMembers(mean, logNoise, Of(rows.Targets), minibatch.Weights, _options.NoiseErrorLimit);
    }

    /// <summary>Draws a minibatch of every member.</summary>
    internal Minibatch Draw(FitRows rows)
    {
        var (members, batch, shape, device) = (state.Network.MemberCount, _options.BatchSize, state.Network.Shape, state.Network.Flat.device);
        var (drawn, weights) = (new int[members * batch], new float[members * batch]);
        var kept = shape.Hidden.Select(layer => _options.Dropout > 0 ? new float[members * batch * layer.Units] : []).ToArray();
        for (var member = 0; member < members; member++)
        {
            state.Draw(member, rows, drawn.AsSpan(member * batch, batch), weights.AsSpan(member * batch, batch));
            for (var layer = 0; layer < kept.Length && _options.Dropout > 0; layer++)
            {
                var values = batch * shape.Hidden[layer].Units;
                Dropout.Mask(kept[layer].AsSpan(member * values, values), shape.Hidden[layer].Dropout, state.Streams[member]);
            }
        }

        return new Minibatch(
            tensor(drawn, ScalarType.Int64).to(device),
            tensor(weights, members, batch).to(device),
            _options.Dropout > 0 ? [.. kept.Select((factors, layer) => tensor(factors, members, batch, shape.Hidden[layer].Units).to(device))] : null);
    }

    /// <summary>What is drawn for one step.</summary>
    /// <param name="Rows">Numbers of rows, member by member: int64 [E · batch]</param>
    /// <param name="Weights">[E, batch]</param>
    /// <param name="Kept">What the sums of each hidden layer are multiplied with, [E, batch, units]; null without dropout.</param>
    internal sealed record Minibatch(Tensor Rows, Tensor Weights, Tensor[]? Kept);

    // Weights and biases of a layer, of all members.
    private Tensor Layer(int layer)
    {
        var shape = state.Network.Shape;
        return state.Network.Flat.narrow(1, shape.WeightOffset(layer), shape.BiasOffset(layer) + shape.Out(layer) - shape.WeightOffset(layer));
    }
}
