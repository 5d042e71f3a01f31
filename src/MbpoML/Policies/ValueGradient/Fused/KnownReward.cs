using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient.Fused;

/// <summary>The known reward of one imagined step, by automatic differentiation: the user's function is the only thing that it is made of.</summary>
internal sealed class KnownReward : IDisposable
{
    private readonly List<Tensor> _kept = [];
    private Tensor? _reward;

    /// <summary>The rewards, until the next step: [rows].</summary>
    public ReadOnlySpan<float> Forward(ImaginedSteps steps, Tensor observation, Tensor action, Tensor next)
    {
        Free();
        using var scope = NewDisposeScope();
        using var gradient = enable_grad();
        foreach (var input in (Tensor[])[observation, action, next]) Keep(input.detach().clone().requires_grad_());
        _reward = Keep(steps.EarnedReward(_kept[0], _kept[1], _kept[2]));
        return Keep(_reward.detach().contiguous()).Floats();
    }

    /// <summary>How the sum of weights · rewards changes with what they are made of.</summary>
    /// <param name="weights">[rows]</param>
    /// <param name="observation">[rows, observation], overwritten.</param>
    /// <param name="action">[rows, action], overwritten.</param>
    /// <param name="next">[rows, observation], overwritten.</param>
    public void Backward(Tensor weights, Span<float> observation, Span<float> action, Span<float> next)
    {
        if (_reward is not { requires_grad: true } reward)
        {
            // A constant.
            observation.Clear();
            action.Clear();
            next.Clear();
            return;
        }

        using var scope = NewDisposeScope();
        var gradients = autograd.grad([reward], [_kept[0], _kept[1], _kept[2]], [weights], allow_unused: true);
        Copy(gradients[0], observation);
        Copy(gradients[1], action);
        Copy(gradients[2], next);
    }

    public void Dispose() => Free();

    private static void Copy(Tensor? gradient, Span<float> memory)
    {
        if (gradient is null || gradient.IsInvalid) memory.Clear();
        else gradient.contiguous().Floats().CopyTo(memory);
    }

    private Tensor Keep(Tensor tensor)
    {
        _kept.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    private void Free()
    {
        foreach (var tensor in _kept) tensor.Dispose();
        _kept.Clear();
        _reward = null;
    }
}
